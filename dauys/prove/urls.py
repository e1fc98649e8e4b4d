from django.urls import path

from dauys.prove import views

app_name = "prove"
urlpatterns = [
    path("figures/", views.public, name="public"),
    path("case/<str:number>/", views.case, name="case"),
    path("open-data/", views.open_data, name="open_data"),
    path("open-data/appeals.csv", views.appeals_csv, name="appeals_csv"),
    path("open-data/appeals.json", views.appeals_json, name="appeals_json"),
    path("open-data/days.csv", views.days_csv, name="days_csv"),
]
