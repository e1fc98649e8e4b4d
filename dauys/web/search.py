"""Search over the words of appeals, for officers: in any case ending, with or without Kazakh letters."""

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dauys.answer.queries.found import found
from dauys.hear.heard import heard_by_ids
from dauys.institution import rights
from dauys.institution.models import User

NUMBER = re.compile(r"\s*(\d{4})\s*[-–/ ]\s*(\d{1,9})\s*")
ASKED_MOST = 200


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A registration number leads straight to its appeal; anything else is looked for in the words."""
    rights.require(request.user, "hear.read")
    officer: User = request.user  # type: ignore[assignment]  # stands behind login_required
    asked = request.GET.get("q", "")[:ASKED_MOST]
    number = NUMBER.fullmatch(asked)
    if number:
        return redirect("answer:appeal", f"{number[1]}-{int(number[2]):06d}")
    before = request.GET.get("before", "")
    shown = found(officer, asked, before=int(before) if before.isdecimal() and len(before) < 18 else None)
    words = [word for word in re.findall(r"\w+", asked) if len(word) > 1]
    texts = {one.id: one.text for one in heard_by_ids(row.appeal_id for row in shown.rows)}
    rows = [(row, texts[row.appeal_id]) for row in shown.rows]
    # Endings change: the beginning of a word is what is marked.
    stems = [word[: max(3, min(5, len(word) - 1))] for word in words]
    return render(request, "web/search.html", {"asked": asked.strip(), "shown": shown, "rows": rows, "stems": stems})
