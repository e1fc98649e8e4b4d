"""What is told by letter, to whom, and whether the law or only courtesy asks for it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """`said` is the sentence of the page that lists what is told; `may_stop`: the reader may ask for no more of it."""

    name: str
    for_citizen: bool
    said: Any
    may_stop: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("registered", True, _("The appeal is registered: its number and how to follow it")),
    Kind("passed_on", True, _("The appeal was passed on to another office, and the day an answer is owed by")),
    Kind("changed", True, _("The day an answer is owed by was counted anew")),
    Kind("ruling", True, _("A decision on the way: a longer term, a pause, a hearing, defects to mend, silence")),
    Kind("ended", True, _("The procedure has ended without an answer")),
    Kind("wrote", True, _("The officer wrote")),
    Kind("asks", True, _("The officer asks something")),
    Kind("answered", True, _("The answer has come, and the question whether the matter is solved")),
    Kind("again", True, _("Four weeks after the answer: the same question once more"), may_stop=True),
    Kind("reopened", True, _("The appeal is open again, with its new day")),
    Kind("link", True, _("A new link, asked for on the page “Track an appeal”")),
    Kind("given", False, _("An appeal was given to you"), may_stop=True),
    Kind("citizen_wrote", False, _("A citizen wrote to you"), may_stop=True),
    Kind("reminder", False, _("A promised day is near, has come or has passed")),
)

BY_NAME = {kind.name: kind for kind in KINDS}
