from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "dauys.understand"
