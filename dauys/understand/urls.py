from django.urls import path

from dauys.understand.views import triage

app_name = "understand"
urlpatterns = [
    path("desk/triage/", triage.triage, name="triage"),
    path("desk/triage/many/", triage.accept_many, name="accept_many"),
    path("desk/triage/undo/", triage.undo, name="undo"),
    path("desk/triage/<str:number>/", triage.decide, name="decide"),
]
