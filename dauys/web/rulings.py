"""What the citizen may do while a procedure runs: mend the appeal, object to what is planned, take it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from dauys.answer import actions as answer
from dauys.answer.actions.procedure.ground import WORDS_MOST
from dauys.answer.forms import token
from dauys.answer.queries.procedure import rulings_for_citizen
from dauys.answer.words import rulings as words
from dauys.hear.submission import TEXT_MOST


class MendForm(forms.Form):
    """What was missing."""

    text = forms.CharField(
        label=gettext_lazy("What was missing"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_MOST}),
    )
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ObjectForm(forms.Form):
    """Why not, and whether to be heard in person."""

    text = forms.CharField(
        label=gettext_lazy("What you say to it"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_MOST}),
    )
    aloud = forms.BooleanField(label=gettext_lazy("I want to be heard in person"), required=False)
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """A second thought before it is over."""

    words = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": WORDS_MOST}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, I take it back"),
        error_messages={"required": gettext_lazy("Tick this if you are sure: it cannot be undone.")},
    )


FORMS: dict[str, type[forms.Form]] = {"mend": MendForm, "object": ObjectForm, "withdraw": WithdrawForm}


def told(handling: Any) -> dict[str, Any]:
    """What `_rulings.html` and `_withdraw.html` show."""
    fresh = {f"{name}_form": form(initial={"token": token()}, auto_id=f"{name}_%s") for name, form in FORMS.items()}
    return {"rulings": rulings_for_citizen(handling), **fresh}


@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """One step of the citizen's; what stands in its way is told beside the form, and the words stay there."""
    from dauys.web import citizen

    appeal = citizen._granted(request, number)
    if appeal is None:
        return citizen._to_the_door(number)
    name = request.POST.get("step", "")
    if name not in FORMS:
        raise Http404
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return citizen._show(request, appeal, status=422, **{f"{name}_form": form})
    data, now = dict(form.cleaned_data), timezone.now()
    data.pop("sure", None)
    do = {"mend": answer.mend, "object": answer.object_to, "withdraw": answer.withdraw}[name]
    try:
        do(appeal_id=appeal.id, now=now, **data)  # type: ignore[operator]  # each with the fields of its form
    except (answer.NothingAsked, answer.AlreadyAnswered, answer.AlreadyEnded, answer.NotRouted):
        messages.warning(request, _("Meanwhile something has changed. Read below how your appeal stands now."))
        return citizen._seen(appeal)
    except answer.Failure as failure:
        form.add_error(None, _sentence(failure))
        return citizen._show(request, appeal, status=429 if isinstance(failure, answer.TooMany) else 422,
                             **{f"{name}_form": form})  # fmt: skip
    messages.success(
        request,
        {
            "mend": _("Thank you. What was missing is with the officer."),
            "object": _("Your objection is with the officer and will be read before anything is decided."),
            "withdraw": _("You have taken your appeal back."),
        }[name],
    )
    return citizen._seen(appeal, "#rulings")


def _sentence(failure: answer.Failure) -> str:
    if isinstance(failure, answer.TooMany):
        return ngettext(
            "You have written %(most)d message today, and no more are taken. Write again tomorrow; "
            "your words still stand here.",
            "You have written %(most)d messages today, and no more are taken. Write again tomorrow; "
            "your words still stand here.",
            failure.most,
        ) % {"most": failure.most}
    if isinstance(failure, answer.TooLong):
        return _("The text has %(length)d characters; at most %(most)d can be kept. Shorten it.") % {
            "length": failure.length,
            "most": failure.most,
        }
    return words.failure(failure) or _("There is no word in the message yet.")
