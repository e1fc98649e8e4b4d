"""What a reader of the figures may ask for, all of it in the address of the page."""

from collections.abc import Iterable, Iterator

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.institution.queries import Bureau, Subject, house
from dauys.prove.figures import LENGTHS, USUAL
from dauys.prove.words import PERIODS


class Asked(forms.Form):
    """Period, area, topic and office. What is not known is left out: an old link still opens the page."""

    use_required_attribute = False  # every question may be left at "All"
    period = forms.ChoiceField(label=_("Period"))
    area = forms.ChoiceField(label=_("District or city"))
    topic = forms.ChoiceField(label=_("Topic"))
    office = forms.ChoiceField(label=_("Office"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        place = house()
        self.fields["period"].choices = [(name, PERIODS[name]) for name in LENGTHS]  # type: ignore[attr-defined]
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((one.code, str(one.name)) for one in sorted(place.districts, key=lambda one: one.name.in_order)),
        ]
        self.fields["topic"].choices = [("", _("All")), *_topics(place.topics.values())]  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", _("All")), *_offices(place.offices.values())]  # type: ignore[attr-defined]

    def known(self) -> dict[str, str]:
        """What was asked and can be answered, by field; the period always."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return {"period": USUAL, **asked}


def _topics(topics: Iterable[Subject]) -> Iterator[tuple[str, object]]:
    """Each group, then its topics under its name."""
    rows = list(topics)
    for group in rows:
        if group.parent_id is None:
            yield group.code, str(group.name)
            if parts := [(one.code, str(one.name)) for one in rows if one.parent_id == group.id]:
                yield str(group.name), parts


def _offices(offices: Iterable[Bureau]) -> Iterator[tuple[str, str]]:
    """The tree of offices, each below the one it belongs to."""
    rows = sorted(offices, key=lambda one: one.name.in_order)

    def below(parent: int | None, depth: int) -> Iterator[tuple[str, str]]:
        for one in rows:
            if one.parent_id == parent:
                yield one.code, "\N{NO-BREAK SPACE}" * 3 * depth + str(one.name)
                yield from below(one.id, depth + 1)

    return below(None, 0)
