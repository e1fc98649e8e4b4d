"""Rules of routing, what is wrong with them, and what a text of them lacks: in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from dauys.answer.rulebook import Mistake
from dauys.answer.words.findings import KINDS
from dauys.answer.words.names import area_name, office_name, topic_name
from dauys.engines.routing import CONDITIONS, Flaw
from dauys.hear.models import Channel
from dauys.institution.queries import House, house


class Said(NamedTuple):
    """A rule as a person reads it: when it applies, a phrase for each condition, and what then happens."""

    conditions: tuple[str, ...]
    result: str


def rule(row: Mapping[str, Any]) -> Said:
    """One routing rule as a sentence: its conditions, and who acts and owes."""
    place = house()
    conditions = tuple(
        condition(name, either([_value(place, name, value) for value in row[name]]))
        for name in CONDITIONS
        if row.get(name)
    )
    acts, clock = office_name(place, row.get("acts")), office_name(place, row.get("clock"))
    if acts and clock and row["acts"] == row["clock"]:
        return Said(conditions, _("%(office)s acts and owes the answer.") % {"office": acts})
    if acts and clock:
        return Said(conditions, _("%(acts)s acts; %(clock)s owes the answer.") % {"acts": acts, "clock": clock})
    if acts:
        return Said(conditions, _("%(office)s acts.") % {"office": acts})
    if clock:
        return Said(conditions, _("%(office)s owes the answer.") % {"office": clock})
    return Said(conditions, _("No office is named."))


def condition(name: str, values: str) -> str:
    """One condition with its values."""
    said = {
        "topics": _("the topic is %(values)s"),
        "areas": _("the place is in %(values)s"),
        "kinds": _("the kind is %(values)s"),
        "channels": _("it came by %(values)s"),
        "urgency": _("its urgency is %(values)s"),
        "words": _("the text says %(values)s"),
    }
    return said.get(name, said["words"]) % {"values": values}


def condition_name(name: str) -> str:
    """What a condition asks about."""
    return {
        "topics": _("Topic"),
        "areas": _("Place"),
        "kinds": _("Kind"),
        "channels": _("Channel"),
        "urgency": _("Urgency"),
        "words": _("Words"),
        "acts": _("Who acts"),
        "clock": _("Who owes the answer"),
    }.get(name, name)


def urgency(value: str) -> str:
    """How pressing an appeal must be for a condition."""
    return {"usual": _("Usual"), "soon": _("Urgent"), "danger": _("Danger to life")}.get(value, value)


def either(values: Sequence[str]) -> str:
    """«a, b or c»."""
    if len(values) < 2:
        return "".join(values)
    return _("%(most)s or %(last)s") % {"most": ", ".join(values[:-1]), "last": values[-1]}


def _value(place: House, name: str, value: str) -> str:
    if name == "words":
        return _("“%(words)s”") % {"words": value}
    return {
        "topics": lambda: topic_name(place, value),
        "areas": lambda: area_name(place, value),
        "kinds": lambda: str(KINDS.get(value, value)),
        "channels": lambda: str(Channel(value).label) if value in Channel.values else value,
        "urgency": lambda: urgency(value),
    }[name]()


def flaw(one: Flaw) -> str:
    """What is wrong with a rule, and what to do about it."""
    place = house()
    told = {
        "number": one.number,
        "others": _numbers(one.others),
        "office": office_name(place, one.params.get("office")),
        "value": one.params.get("value", ""),
        "meant": one.params.get("meant", ""),
        "field": condition_name(one.params.get("field", "")),
        "acts": office_name(place, one.params.get("acts")),
        "clock": office_name(place, one.params.get("clock")),
    }
    if one.code == "unknown" and told["meant"]:
        said = _("Rule %(number)s, %(field)s: “%(value)s” is not known. Was “%(meant)s” meant?")
    elif one.code == "unknown":
        said = _("Rule %(number)s, %(field)s: “%(value)s” is not known. Choose one from the list.")
    elif one.code == "shadowed" and len(one.others) > 1:
        said = _(
            "Rule %(number)s can never apply: rules %(others)s together take all it would. Move it above them or "
            "remove it."
        )
    else:
        said = {
            "closed_office": _("Rule %(number)s sends to %(office)s, which is closed. Choose an office in service."),
            "no_office": _("Rule %(number)s names no office. Say who acts, who owes the answer, or both."),
            "no_word": _("Rule %(number)s: “%(value)s” holds no word. Write a word or a phrase."),
            "contradiction": _(
                "Rules %(others)s and %(number)s contradict each other: the same conditions, other offices. Keep one."
            ),
            "repeated": _("Rule %(number)s says the same as rule %(others)s. Remove one of them."),
            "shadowed": _(
                "Rule %(number)s can never apply: rule %(others)s takes all it would. Move it above or remove it."
            ),
            "takes_everything": _(
                "Rule %(number)s has no condition: every appeal that comes to it goes there. Give it one unless this "
                "is meant."
            ),
            "circular": _(
                "Rules %(others)s and %(number)s make %(acts)s and %(clock)s wait for each other: in matters that may "
                "be the same, each acts while the other owes the answer. Name one of them for both."
            ),
        }[one.code]
    return said % told


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def mistake(one: Mistake) -> str:
    """What is wrong with a text of rules, with its line where it has one."""
    told = {"key": one.key, "value": one.value}
    said = {
        "syntax": _("This is not TOML: %(value)s. Correct the line, or the one before it."),
        "too_long": _("The text has more than %(value)s characters. Shorten it."),
        "too_many": _("There are more than %(value)s rules. Bring some together."),
        "unknown_table": _("“%(key)s” is not known here. Begin each rule with [[rule]]."),
        "no_rules": _("“%(key)s” is not a list of rules. Begin each rule with [[rule]]."),
        "unknown_key": _(
            "“%(key)s” is not known. A rule has: name, topics, areas, kinds, channels, urgency, words, acts, clock."
        ),
        "not_text": _("“%(key)s” is not a text. Put it in quotation marks."),
        "not_texts": _("“%(key)s” is not a list of texts. Write it as [“…”, “…”] with straight quotation marks."),
        "too_many_values": _("“%(key)s” has more than %(value)s values. Make two rules of it."),
        "unfit": _(
            "A value of “%(key)s” is empty, longer than %(value)s characters or holds signs that cannot be seen. "
            "Write it anew."
        ),
    }[one.code] % told
    return _("Line %(line)s: %(said)s") % {"line": one.line, "said": said} if one.line else said
