"""The verbs of the ground floor. `officer=None` is the system: a command run by whoever owns the machine."""

from dauys.institution.actions.areas import Taken, add_areas
from dauys.institution.actions.days import DayChange, remove_day, set_day, set_days
from dauys.institution.actions.establishing import establish
from dauys.institution.actions.failures import (
    AlreadyEstablished,
    AlreadyThere,
    Failure,
    InUse,
    LastAdministrator,
    NoName,
    NoSuch,
    StillOwes,
    WrongParent,
)
from dauys.institution.actions.offices import add_office, change_office, close_office, set_competences
from dauys.institution.actions.people import add_person, appoint, end_appointment, new_password
from dauys.institution.actions.topics import add_topic, close_topic, open_topic, rename_topic

__all__ = [
    "AlreadyEstablished",
    "AlreadyThere",
    "DayChange",
    "Failure",
    "InUse",
    "LastAdministrator",
    "NoName",
    "NoSuch",
    "StillOwes",
    "Taken",
    "WrongParent",
    "add_areas",
    "add_office",
    "add_person",
    "add_topic",
    "appoint",
    "change_office",
    "close_office",
    "close_topic",
    "end_appointment",
    "establish",
    "new_password",
    "open_topic",
    "remove_day",
    "rename_topic",
    "set_competences",
    "set_day",
    "set_days",
]
