"""Reasons, days and deeds as whole sentences in the reader's language. Data comes in, words go out."""

from dauys.answer.words.beginning import why_suggested, wrong_blank
from dauys.answer.words.deeds import deed
from dauys.answer.words.findings import alike, finding, matter
from dauys.answer.words.first import first
from dauys.answer.words.names import area_name, language, office_name, topic_name
from dauys.answer.words.promise import step, term, time_left
from dauys.answer.words.routing import routing
from dauys.answer.words.sharing import shared

__all__ = [
    "alike",
    "area_name",
    "deed",
    "finding",
    "first",
    "language",
    "matter",
    "office_name",
    "routing",
    "shared",
    "step",
    "term",
    "time_left",
    "topic_name",
    "why_suggested",
    "wrong_blank",
]
