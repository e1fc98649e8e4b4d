from django.urls import path

from dauys.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("patterns/", views.patterns, name="patterns"),
    path("theme/", views.theme, name="theme"),
]
