"""Two addresses for whoever watches the machine: is the process alive, and is it fit to accept appeals."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from dauys.web import health


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers. No table is asked."""
    return JsonResponse({"alive": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 when an appeal could be lost here: names of the checks only, nothing about the machine."""
    try:
        bad = [finding.name for finding in health.findings() if not finding.ok and finding.name not in health.BESIDE]
    except DatabaseError:
        bad = ["database"]
    return JsonResponse({"ready": not bad, "failed": bad}, status=503 if bad else 200)
