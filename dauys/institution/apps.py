from django.apps import AppConfig


class InstitutionConfig(AppConfig):
    name = "dauys.institution"
