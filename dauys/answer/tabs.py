"""The desk's lists by name: their tabs, their filters, and what an empty one says."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext as _

from dauys.answer import queries
from dauys.answer.written import whole_number
from dauys.institution.models import User
from dauys.institution.queries import Subject, house


def names() -> Mapping[str, str]:
    """The lists of a desk by their code, in the order they stand."""
    return {
        "mine": _("Mine"),
        "office": _("My office"),
        "today": _("Due today"),
        "late": _("Late"),
        "disputed": _("Reopened"),
        "unread": _("Unread"),
        "round": _("Passed round"),
        "unrouted": _("Without an office"),
        "answered": _("Answered"),
    }


def asked(given: QueryDict, views: tuple[str, ...], counts: Mapping[str, int]) -> queries.Asked:
    """The list an address asks for; without one, the person's first list, or their office's if that is empty."""
    view = given.get("view", "")
    first = "office" if views[0] == "mine" and not counts.get("mine") else views[0]
    return queries.Asked(
        view=view if view in views else first,
        topic=given.get("topic", "")[:60],
        district=given.get("district", "")[:20],
        office=given.get("office", "")[:60],
        officer=whole_number(given.get("officer", "")),
        number=given.get("number", "").strip()[:20],
        after=given.get("after", "")[:40],
        before=given.get("before", "")[:40],
    )


def tabs(user: User, now_at: queries.Asked, counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Each list with how many wait in it: "99+" from a hundred on."""
    words = names()
    return [
        {
            "view": view,
            "words": words[view],
            "count": "99+" if counts.get(view, 0) >= 100 else counts.get(view, 0),
            "tone": "late" if view in ("late", "disputed") and counts.get(view) else "",
            "is_here": view == now_at.view,
        }
        for view in queries.views_for(user)
    ]


def topics() -> list[tuple[Subject, list[Subject]]]:
    """Topics in groups, as a menu shows them."""
    return [(group, [part for part in parts if part.is_open]) for group, parts in house().topic_groups if group.is_open]


def empty(now_at: queries.Asked) -> tuple[str, str]:
    """What an empty list says: a heading, and what to do next."""
    if now_at.is_narrowed:
        return _("Nothing fits these filters"), _("Take a filter away, or look in another list.")
    return {
        "mine": (
            _("Nothing waits for you"),
            _("Open the list of your office and take an appeal: the earliest due stands first."),
        ),
        "office": (
            _("Your office has answered everything"),
            _("New appeals appear here within seconds of being filed."),
        ),
        "today": (_("Nothing is due today"), _("The list of your office shows what comes next.")),
        "late": (_("Nothing is late"), _("Every open promise can still be kept.")),
        "disputed": (
            _("No answer is disputed"),
            _("When a citizen says “not solved”, the appeal opens again and comes here."),
        ),
        "unread": (
            _("No unread message"),
            _("What citizens write to you appears here until somebody opens it."),
        ),
        "round": (
            _("Nothing is passed round"),
            _("What was passed on twice or more comes here, so that whoever heads both offices can settle it."),
        ),
        "unrouted": (
            _("Every appeal has an office"),
            _("What the routing cannot decide comes here, for a person to give it an office."),
        ),
        "answered": (
            _("Nothing is answered yet"),
            _("Answers you send stand here with the citizens' verdicts."),
        ),
    }[now_at.view]
