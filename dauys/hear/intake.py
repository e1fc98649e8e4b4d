"""One posted form, from the browser's bytes to a receipt: shared by the citizen's page and the desk."""

import concurrent.futures
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dauys.hear import actions, forms, lane, pending, posted
from dauys.hear.actions import Receipt
from dauys.hear.pending import Held
from dauys.hear.submission import FILES_MOST, Submission

RETRY_SECONDS = 5

TooBusy = (lane.Busy, concurrent.futures.TimeoutError, OperationalError)
"""Nothing was taken, or we cannot know: sending the same form again is always safe."""

Form = TypeVar("Form", bound=forms.Told)


@dataclass
class Intake(Generic[Form]):
    """What the browser sent, with the files that wait for it under the form's token."""

    form: Form
    token: str
    held: list[Held]
    step: str
    is_stale: bool

    @property
    def is_sound(self) -> bool:
        return self.form.is_valid() and not self.is_stale


def take(request: HttpRequest, make_form: Callable[..., Form]) -> Intake[Form]:
    """Read one posted form and keep its files. Raises posted.Unreadable."""
    told = posted.read(request)
    known = told.fields.get("token", "")
    token = known if forms.token_of(known) else forms.new_token()
    form = make_form(told.fields)
    held, wrong = pending.gather(
        token, chosen=told.chosen, marks=told.fields.getlist("held"), dropped=told.fields.getlist("drop")
    )
    refused = [*told.refused, *wrong]
    if refused:
        form = form.whole()
    for words in dict.fromkeys(forms.sentence(one) for one in refused):
        form.add_error("attached", words)
    return Intake(form, token, held, told.fields.get("step", ""), told.is_stale or token != known)


def send(submission: Submission, intake: Intake[Form], receive: Callable[[Submission], Receipt]) -> Receipt:
    """Take the submission with its waiting files, or give the receipt of its first sending.

    Raises pending.Gone, and whatever `receive` raises.
    """
    if intake.held:  # without files the write itself recognises a second sending, one question cheaper
        known = actions.receipt_of(submission.key(one.sha256 for one in intake.held))
        if known:
            return known
    uploads = tuple(pending.release(intake.token, one) for one in intake.held)
    receipt = receive(replace(submission, uploads=uploads))
    if intake.held:
        pending.drop(intake.token)
    return receipt


def unreadable(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing could be read, so nothing can be given back: say where the words still are."""
    return render(
        request,
        "hear/unreadable.html",
        {"code": code, "most": FILES_MOST},
        status=400 if code == "broken" else 413,
    )
