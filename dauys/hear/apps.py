from django.apps import AppConfig


class HearConfig(AppConfig):
    name = "dauys.hear"
