from django.urls import path

from dauys.understand import views

app_name = "understand"
urlpatterns = [
    path("desk/triage/", views.triage, name="triage"),
    path("desk/triage/<str:number>/", views.decide, name="decide"),
]
