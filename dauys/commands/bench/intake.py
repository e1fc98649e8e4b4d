"""Durable intake, paired in one run: together, alone, and the raw bar. Each variant has a fresh database."""

import os
import secrets
import signal
import socket
import subprocess  # our own server, started with our own interpreter
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dauys.commands import run, show
from dauys.commands.bench import machine
from dauys.commands.bench.load import Load, drive

TEXT = (
    "На улице Заречной третий день нет воды, трубу прорвало у дома {number}. Звонили диспетчеру, обещали приехать, "
    "никто не приехал. Дома двое детей и бабушка, воду носим из колонки за километр. Прошу принять меры."
)
WARM_SECONDS = 1.5


@dataclass(frozen=True)
class Variant:
    """One way of taking submissions. `application` is what granian serves."""

    name: str
    application: str
    intake: str = "together"


VARIANTS = (
    Variant("together", "dauys.wsgi:application"),
    Variant("alone", "dauys.wsgi:application", "alone"),
    Variant("raw bar", "dauys.commands.bench.raw:application"),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python(home: Path, code: str, **more: str) -> str:
    """Run a piece of Python in an installation of its own; what it prints."""
    env = {
        **os.environ,
        "DAUYS_HOME": str(home),
        "DAUYS_KEYS": str(home / "keys"),
        "DAUYS_DATABASE": f"sqlite:///{home}/dauys.sqlite3",
        **more,
    }
    return subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True).stdout


SETUP = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
import django; django.setup()
from datetime import datetime, UTC
from dauys.commands import run
run.migrated(); run.translations_compiled(); run.static_collected()
from dauys.institution import actions, plan
now = datetime.now(UTC)
actions.establish(plan=plan.parse({
    "institution": {"en": "Measured institution", "country": "KZ", "zone": "Asia/Almaty", "topics": "starter"},
    "area": [{"code": "1", "level": "region", "en": "Region"}],
    "office": [{"code": "office", "kind": "other", "en": "Office", "policy": "internal",
                "competence": [{"role": "both"}]}],
    "person": [{"name": "Administrator", "email": "administrator@example.org", "language": "en",
                "roles": [{"office": "office", "role": "administrator"}, {"office": "office", "role": "operator"}]}],
}), now=now)
"""

TOKENS = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
import django; django.setup()
from dauys.hear.forms import new_token
print("\\n".join(new_token() for _ in range({count})))
"""

COUNT = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
import django; django.setup()
from dauys.hear.models import Appeal
from dauys.ledger.models import Entry
numbers = set(Appeal.objects.values_list("number", flat=True))
told = set(open({told!r}).read().split())
cases = set(Appeal.objects.values_list("case", flat=True))
entries = set(Entry.objects.filter(verb="hear.receive").values_list("case", flat=True))
print(len(told - numbers), len(cases - entries))
"""


def requests(tokens: Iterator[str], port: int) -> Iterator[bytes]:
    """The citizen's own form, at its last step, as a browser sends it; each with a token of its own."""
    secret = secrets.token_hex(16)
    for number, token in enumerate(tokens):
        body = urlencode(
            {
                "csrfmiddlewaretoken": secret, "token": token, "step": "file",
                "text": TEXT.format(number=number), "kind": "message", "place": "Заречная", "area": "", "lat": "",
                "lon": "",
                "about_office": "", "reach": "contact", "name": "Проверочный Заявитель", "phone": "+7 700 000 00 00",
                "email": "", "address": "", "language": "ru",
            }
        ).encode()  # fmt: skip
        yield (
            f"POST /appeal/ HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: csrftoken={secret}; language=ru\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


class Server:
    """A variant served from a fresh installation."""

    def __init__(self, variant: Variant, home: Path) -> None:
        self.port = free_port()
        env = {
            **os.environ, "DAUYS_HOME": str(home), "DAUYS_KEYS": str(home / "keys"), "DAUYS_INTAKE": variant.intake,
            "DAUYS_DATABASE": f"sqlite:///{home}/dauys.sqlite3", "DAUYS_BENCH_DATABASE": f"{home}/dauys.sqlite3",
            "DJANGO_SETTINGS_MODULE": "dauys.settings", "DAUYS_LOG": "ERROR",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(run.PROCESSES_SQLITE),
                "--blocking-threads", str(run.THREADS_SQLITE),
                "--no-ws", "--no-log", "--port", str(self.port), variant.application,
            ],
            env=env, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("The server did not start within 30 seconds.")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def measure(*, seconds: float, connections: int, rounds: int) -> dict[str, Any]:
    """The variants in turn, several rounds; medians of the rounds, and ratios pair by pair."""
    found: dict[str, list[dict[str, float]]] = {variant.name: [] for variant in VARIANTS}
    disk: list[float] = []
    for turn in range(rounds):
        for variant in VARIANTS:
            with (
                show.step(f"Round {turn + 1} of {rounds}: {variant.name}"),
                tempfile.TemporaryDirectory(prefix="dauys-bench-") as folder,
            ):
                home = Path(folder)
                python(home, SETUP)
                disk.append(machine.fdatasync_per_second(home, 0.7))
                found[variant.name].append(_one(variant, home, seconds=seconds, connections=connections))
    middle = {name: _median(rows) for name, rows in found.items()}
    ratios = {
        "together_to_alone": _median_ratio(found["together"], found["alone"]),
        "together_to_raw_bar": _median_ratio(found["together"], found["raw bar"]),
    }
    return {
        "connections": connections, "seconds": seconds, "rounds": rounds,
        "fdatasync_per_second": round(sorted(disk)[len(disk) // 2]), "variants": middle, "ratios": ratios,
    }  # fmt: skip


def _one(variant: Variant, home: Path, *, seconds: float, connections: int) -> dict[str, float]:
    tokens = iter(python(home, TOKENS.format(count=int((seconds + WARM_SECONDS) * 4000))).split())
    server = Server(variant, home)
    try:
        drive(requests(tokens, server.port), port=server.port, connections=connections, seconds=WARM_SECONDS)
        cpu, flushed = machine.cpu_seconds(server.process.pid), machine.flushes(home)
        load = drive(requests(tokens, server.port), port=server.port, connections=connections, seconds=seconds)
        cpu = machine.cpu_seconds(server.process.pid) - cpu
        flushes = machine.flushes(home)
    finally:
        server.stop()
    count = max(1, len(load.latencies))
    figures = {
        "per_second": load.per_second, "p50_ms": load.percentile(0.5), "p99_ms": load.percentile(0.99),
        "cpu_ms_each": 1000 * cpu / count, "errors": float(count - load.statuses.get(303, 0) + load.broken),
        "flushes_each": (flushes - flushed) / count if flushes is not None and flushed is not None else -1.0,
    }  # fmt: skip
    if "dauys.wsgi" in variant.application:
        figures |= _nothing_lost(load, home)
    return figures


def _nothing_lost(load: Load, home: Path) -> dict[str, float]:
    told = home / "acknowledged.txt"
    told.write_text("\n".join(location.rpartition("number=")[2] for location in load.locations))
    lost, without_entry = python(home, COUNT.format(told=str(told))).split()
    return {"acknowledged": float(len(load.locations)), "lost": float(lost), "without_entry": float(without_entry)}


def _median(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(sorted(row[name] for row in rows)[len(rows) // 2], 3) for name in rows[0]}


def _median_ratio(ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> float:
    ratios = sorted(a["per_second"] / b["per_second"] for a, b in zip(ours, theirs, strict=True))
    return round(ratios[len(ratios) // 2], 2)
