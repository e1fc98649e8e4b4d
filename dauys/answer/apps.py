from django.apps import AppConfig


class AnswerConfig(AppConfig):
    name = "dauys.answer"
