from django.urls import URLPattern

app_name = "understand"
urlpatterns: list[URLPattern] = []
