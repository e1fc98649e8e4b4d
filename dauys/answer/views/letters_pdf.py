"""Letters as PDF for whoever works on the appeal: the answer to post, the ticket to hand over."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dauys.answer import letters
from dauys.answer.models import Answer
from dauys.answer.views.shared import page_or_404
from dauys.hear import desk as reception
from dauys.hear.models import Appeal


def as_file(content: bytes, name: str) -> HttpResponse:
    """A PDF to keep."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def letter_of(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The letter of an answer that this reader was found to be allowed to see."""
    address = request.build_absolute_uri(reverse("hear:track"))
    number = answer.appeal.number
    content = letters.answer_letter(
        answer, address=address, scan=f"{address}?number={number}", origin=settings.LEDGER_ORIGIN
    )
    return as_file(content, f"{number}-answer-{answer.ordinal}")


def ticket_of(request: HttpRequest, appeal: Appeal, code: str) -> HttpResponse:
    """The ticket of an appeal; the code stands only behind `#`, which no browser sends to a server."""
    address = request.build_absolute_uri(reverse("hear:track"))
    scan = f"{address}?number={appeal.number}" + (f"#{code}" if code else "")
    return as_file(letters.ticket(appeal, code=code, address=address, scan=scan), f"{appeal.number}-ticket")


@login_required
@require_safe
def letter(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """One answer of the appeal as an official letter."""
    page = page_or_404(request, number)
    answer = next((one for one in page.answers if one.ordinal == ordinal and one.text), None)
    if answer is None:
        raise Http404
    answer.appeal = page.appeal
    return letter_of(request, answer)


@login_required
@require_safe
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The visitor's ticket, for the offices at which it was taken."""
    appeal = reception.taken_here(request, number)
    if appeal is None:
        raise Http404
    return ticket_of(request, appeal, reception.fresh_code(request, appeal))
