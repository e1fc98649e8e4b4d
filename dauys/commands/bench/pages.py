"""Pages of the installation at hand, asked in this process: server time without the network, and statements."""

import time
from typing import Any

from dauys.commands import run


def measure(*, rounds: int) -> list[dict[str, Any]]:
    """Each page several times; medians in milliseconds, statements of the last asking."""
    run.setup()
    from django.conf import settings
    from django.db import connection, reset_queries
    from django.test import Client

    from dauys.hear.models import Appeal
    from dauys.institution.models import Appointment

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECOND_FACTOR_REQUIRED = False
    officer = Client()
    public = Client()
    boss = (
        Appointment.objects.filter(until_on=None, role="operator")
        .select_related("user")
        .order_by("office__parent_id", "id")
        .first()
    )
    boss = boss or Appointment.objects.filter(until_on=None, role="head").select_related("user").first()
    if boss is not None:
        officer.force_login(boss.user)
    newest = Appeal.objects.order_by("-id").values_list("number", flat=True).first()
    wanted = [
        (public, "/"), (public, "/appeal/"), (public, "/figures/"), (public, "/figures/?period=all"),
        (public, f"/case/{newest}/"), (public, "/open-data/"), (public, "/ledger/"),
        (officer, "/desk/"), (officer, "/desk/?view=office"), (officer, "/desk/?view=late"),
        (officer, "/desk/?view=unrouted"),
        (officer, "/desk/triage/"), (officer, "/search/?q=вода"), (officer, "/search/?q=ремонт дороги двор"),
        (officer, f"/desk/appeal/{newest}/"),
    ]  # fmt: skip
    rows = []
    connection.force_debug_cursor = False
    for client, page in wanted:
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            answer = client.get(page)
            body = answer.getvalue()
            times.append(1000 * (time.perf_counter() - begun))
        connection.force_debug_cursor = True
        reset_queries()
        client.get(page)
        statements = len(connection.queries)
        connection.force_debug_cursor = False
        times.sort()
        rows.append(
            {"page": page, "status": answer.status_code, "median_ms": round(times[len(times) // 2], 1),
             "worst_ms": round(times[-1], 1), "statements": statements, "bytes": len(body)}
        )  # fmt: skip
    return rows
