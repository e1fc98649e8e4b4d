"""Triage by keys: a fresh installation, appeals that wait for a person, and a browser that settles them like one."""

import os
import re
import shutil
import statistics
import tempfile
import time
from itertools import permutations, product
from pathlib import Path
from typing import Any

from dauys.commands import show
from dauys.commands.bench.intake import SETUP, VARIANTS, Server, python

OPERATOR = "administrator@example.org"
"""Who is operator, too, in the measured institution."""

ENDINGS = ("и что дальше?", "сколько можно ждать?", "просим разобраться.", "жауап жоқ.")
MATTERS = (
    "нет света в подъезде", "во дворе глубокая яма", "не вывозят мусор", "автобус не ходит", "собаки бегают у школы",
    "к врачу не записаться", "вода идёт ржавая", "шумят по ночам", "пәтер суық", "жол бұзылған",
)  # fmt: skip

BLINK_SECONDS = 0.26
"""A press that follows the last one sooner is taken for the same key pressed twice (keys.js)."""

PATIENCE_SECONDS = 20.0

FILL = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
import django; django.setup()
from datetime import datetime, UTC
from dauys.commands.bench.triage import fill
print(fill({appeals}, datetime.now(UTC)))
"""

HERE = """() => document.querySelector("[data-here]:not([data-leaving]) h2")?.innerText ?? "" """

# From the key to the first frame drawn after the next row has the focus, by the browser's own clock.
WATCH = """() => {
    window.ready = [];
    let pressed = 0;
    document.addEventListener("keydown", () => { pressed = performance.now(); }, true);
    document.addEventListener("focusin", (event) => {
        if (!pressed || !event.target.closest("[data-here]")) return;
        const begun = pressed;
        pressed = 0;
        requestAnimationFrame(() => setTimeout(() => window.ready.push(performance.now() - begun)));
    });
    window.saved = [];
    const sent = new Map();
    document.addEventListener("htmx:beforeRequest", ({ detail }) => sent.set(detail.xhr, performance.now()));
    document.addEventListener("htmx:afterRequest", ({ detail }) => {
        if (detail.xhr.status === 200) window.saved.push(performance.now() - sent.get(detail.xhr));
    });
}"""


def fill(appeals: int, now: Any) -> str:
    """Let so many appeals wait for a person, each a double complaint read by the real reader; the operator's password.

    What the reader is sure of is lowered to a suggestion: the desk is measured here, not the reader.
    """
    from dauys.hear import actions as hear
    from dauys.hear.submission import Submission
    from dauys.institution import actions as institution
    from dauys.institution.models import User
    from dauys.understand import actions as understand
    from dauys.understand.models import Examination
    from dauys.web.worker import run_once

    texts = [f"У нас {one}, а ещё {two}, {end}" for end, (one, two) in product(ENDINGS, permutations(MATTERS, 2))]
    understand.ensure_model(now=now)
    for number in range(appeals):
        text = f"{texts[number % len(texts)]} Дом {number + 1}."
        hear.receive(Submission(channel="web", token=f"triage {number}", text=text, language="ru"), now=now)
    run_once(now=now)
    Examination.objects.update(needs_person=True)
    return institution.new_password(person=User.objects.get(email=OPERATOR), officer=None, now=now)


def measure(*, appeals: int = 60, reading_seconds: float = 1.5) -> dict[str, Any]:
    """Settled appeals a minute by keys alone, without and with so much time to read each; and milliseconds from the key
    to the next card drawn with the keys on it (median, 95th percentile) and to the server's word that it is saved, over
    all presses of a run.

    In each run `appeals` are settled; then it is asked of the server how many it has. A press follows no sooner than
    the desk takes one. Ends with a clear message where Playwright or
    Chromium is missing.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        show.stop("Playwright is not installed.", remedy="Install it: pip install playwright")
    if chromium is None:
        show.stop("There is no Chromium on PATH.", remedy="Install it: apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as folder:
        home = Path(folder)
        with show.step(f"A fresh installation with {2 * appeals} appeals that wait for a person"):
            python(home, SETUP)
            password = python(home, FILL.format(appeals=2 * appeals)).split()[-1]
        os.environ["DAUYS_SECOND_FACTOR"] = "0"  # the measured server takes a password alone
        server = Server(VARIANTS[0], home)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                house = f"http://127.0.0.1:{server.port}"
                page = browser.new_page(base_url=house, viewport={"width": 1440, "height": 900})
                _sign_in(page, password)
                runs = {
                    "without_reading": _run(page, appeals, 0.0),
                    "with_reading": _run(page, appeals, reading_seconds),
                }
                browser.close()
        finally:
            server.stop()
    return {"appeals": appeals, "reading_seconds": reading_seconds, **runs}


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people."""
    return [
        f"{words}: {run['per_minute']:.0f} a minute; from the key to the next card: "
        f"median {run['ready_median_ms']:.0f} ms, 95 % within {run['ready_p95_ms']:.0f} ms; "
        f"95 % saved within {run['saved_p95_ms']:.0f} ms; "
        f"{run['settled']} of {found['appeals']} settled"
        for words, run in (
            ("No time to read", found["without_reading"]),
            (f"{found['reading_seconds']:.1f} s to read each", found["with_reading"]),
        )
    ]


def _sign_in(page: Any, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", OPERATOR)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/accounts/login" not in address)


def _run(page: Any, appeals: int, reading: float) -> dict[str, float]:
    """Settle so many by the key 1. `settled` is what the server has no longer waiting, not what the page shows."""
    page.goto("/desk/triage/")
    page.evaluate(WATCH)
    pressed: list[str] = []
    ready_since = pressed_at = 0.0
    with show.Ticker(f"Settled with {reading:.1f} s to read each", appeals) as ticker:
        begun = time.perf_counter()
        for _ in range(appeals):
            while (number := page.evaluate(HERE)) in ("", *pressed[-1:]):
                if time.perf_counter() - max(begun, pressed_at) > PATIENCE_SECONDS:
                    raise RuntimeError(f"No next card after {len(pressed)} appeals.")
                time.sleep(0.002)
            ready_since = time.perf_counter()
            time.sleep(max(reading, pressed_at + BLINK_SECONDS - ready_since, 0.0))
            page.keyboard.press("1")
            pressed_at = time.perf_counter()
            pressed.append(number)
            ticker.advance()
        page.wait_for_selector("[data-leaving]", state="detached")
        seconds = time.perf_counter() - begun
    ready, saved = (sorted(page.evaluate(f"window.{times}")) for times in ("ready", "saved"))
    return {
        "per_minute": round(60 * appeals / seconds, 1),
        "settled": len(set(pressed) - _still_waiting(page)),
        "ready_median_ms": round(statistics.median(ready), 1),
        "ready_p95_ms": _p95(ready),
        "saved_p95_ms": _p95(saved),
    }


def _p95(times: list[float]) -> float:
    return round(times[min(len(times) - 1, int(0.95 * len(times)))], 1)


def _still_waiting(page: Any) -> set[str]:
    found: set[str] = set()
    after = "0"
    while after:
        part = page.request.get(f"/desk/triage/?part=1&after={after}").text()
        found |= set(re.findall(r'id="n(\d{4}-\d+)"', part))
        after = (re.findall(r"after=(\d+)&amp;part=1", part) or [""])[0]
    return found
