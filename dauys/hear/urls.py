from django.urls import URLPattern

app_name = "hear"
urlpatterns: list[URLPattern] = []
