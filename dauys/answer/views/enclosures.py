"""Files beside the draft: put there, taken out, and sent with the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauys.answer import actions, queries
from dauys.answer.views.shared import back, officer_of, verb
from dauys.hear import files
from dauys.hear.forms import sentence as told
from dauys.hear.submission import Refused
from dauys.institution import rights

FILES = "#enclosures"


@verb
def enclose(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Keep the chosen files beside the draft; one that cannot be taken does not hold back the others."""
    rights.require(officer_of(request), "answer.send", [page.handling.acting_id, page.handling.clock_id])
    uploads = []
    for file in request.FILES.getlist("attached"):
        try:
            if file.size and file.size > files.SIZE_MOST:
                raise Refused("files", "too_large", name=file.name or "", most=files.SIZE_MOST // files.MEGABYTE)
            uploads.append(files.upload(file.name or "", file.read()))
        except Refused as refused:
            messages.error(request, told(refused))
    if uploads:
        actions.enclose(appeal_id=page.appeal.id, uploads=uploads, officer=officer_of(request), now=timezone.now())
        messages.success(request, _("The files wait beside the draft and go with the answer."))
    elif not request.FILES:
        messages.error(request, _("Choose a file first."))
    return back(page, FILES)


@verb
def take_out(request: HttpRequest, page: queries.AppealPage, attachment_id: int) -> HttpResponse:
    """Remove a file that waits beside the draft."""
    actions.take_out(
        appeal_id=page.appeal.id, attachment_id=attachment_id, officer=officer_of(request), now=timezone.now()
    )
    messages.success(request, _("The file is removed."))
    return back(page, FILES)
