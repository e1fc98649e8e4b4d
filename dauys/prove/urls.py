from django.urls import URLPattern

app_name = "prove"
urlpatterns: list[URLPattern] = []
