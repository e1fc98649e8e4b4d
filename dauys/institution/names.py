"""Rows that carry a name in each language of the house."""

from django.db import models
from django.utils.translation import get_language

LANGUAGES = ("kk", "ru", "en")


def readers_language() -> str:
    """The two letters of the language the page is read in."""
    return (get_language() or "ru")[:2]


class Named(models.Model):
    """A name in Kazakh, Russian and English; a missing one falls back to the first that exists."""

    name_kk = models.CharField(max_length=200, blank=True, default="")
    name_ru = models.CharField(max_length=200, blank=True, default="")
    name_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        wanted = getattr(self, f"name_{language}", "")
        return wanted or self.name_ru or self.name_kk or self.name_en

    @property
    def name(self) -> str:
        return self.name_in(readers_language())
