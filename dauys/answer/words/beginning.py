"""Ways to begin an answer, in sentences: why an earlier one is offered, what is wrong with a template."""

from django.utils.translation import gettext as _

from dauys.answer import blanks


def why_suggested(*, is_confirmed: bool, same_topic: bool, same_area: bool, likeness: float) -> tuple[str, ...]:
    """`likeness` of meaning, 0 to 1; 0 where it was not measured."""
    said = [
        _("The citizen confirmed that it was solved.") if is_confirmed else _("Nobody has disputed it."),
        _("The same topic.") if same_topic else "",
        _("The same place.") if same_area else "",
        _("Alike in meaning: %(percent)d of 100.") % {"percent": round(likeness * 100)} if likeness > 0 else "",
    ]
    return tuple(filter(None, said))


def wrong_blank(wrong: blanks.UnknownBlank | blanks.LooseBrace) -> str:
    """What is wrong with the blanks of a template, and how to mend it."""
    if isinstance(wrong, blanks.UnknownBlank):
        return _("There is no blank {%(name)s}. The blanks are: %(known)s.") % {
            "name": wrong.name,
            "known": ", ".join(f"{{{name}}}" for name in blanks.NAMES),
        }
    return _("A brace stands alone near “%(near)s”. Blanks are written as {number}; elsewhere leave braces out.") % {
        "near": wrong.near.strip()
    }
