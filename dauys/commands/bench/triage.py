"""Triage by keys: a fresh installation, appeals that wait for a person, and a browser that settles them as one would."""

import os
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

FILL = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
import django; django.setup()
from datetime import datetime, UTC
from dauys.commands.bench.triage import fill
print(fill({appeals}, datetime.now(UTC)))
"""

READY = """() => {
    const row = document.querySelector("[data-here]:not([data-leaving])");
    return row && row.contains(document.activeElement) ? row.querySelector("h2").innerText : "";
}"""

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
    to the next card drawn with the keys on it (median, 95th percentile) over all presses of a run.

    In each run `appeals` are settled; then it is asked of the server how many it has. A press follows no sooner than
    the desk takes one (a key pressed twice within 250 ms counts once). Ends with a clear message where Playwright or
    Chromium is missing.
    """
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
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
        os.environ["DAUYS_SECOND_FACTOR"] = "0"
        server = Server(VARIANTS[0], home)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page(base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1440, "height": 900})
                page.goto("/accounts/login/")
                page.fill("[name=login]", OPERATOR)
                page.fill("[name=password]", password)
                page.press("[name=password]", "Enter")
                page.wait_for_url(lambda address: "/accounts/login" not in address)
                runs = {"without_reading": _run(page, appeals, 0.0), "with_reading": _run(page, appeals, reading_seconds)}
                browser.close()
        finally:
            server.stop()
    return {"appeals": appeals, "reading_seconds": reading_seconds, **runs}


def _run(page: Any, appeals: int, reading: float) -> dict[str, float]:
    page.goto("/desk/triage/")
    page.evaluate(WATCH)
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.evaluate("() => { window.ready.length = 0; }")
    settled: list[str] = []
    spent = []
    with show.Ticker(f"Settled with {reading:.1f} s of reading each", appeals) as ticker:
        begun = time.perf_counter()
        for _ in range(appeals):
            at = time.perf_counter()
            while not (number := page.evaluate(READY)) or number in settled[-1:]:
                if time.perf_counter() - at > 20:
                    raise RuntimeError(f"No next card after {len(settled)} appeals.")
                time.sleep(0.002)
            time.sleep(max(reading, 0.255 - (time.perf_counter() - spent[-1]) if spent else 0.0))
            page.keyboard.press("1")
            spent.append(time.perf_counter())
            settled.append(number)
            ticker.advance()
        page.wait_for_selector("[data-leaving]", state="detached")
        seconds = time.perf_counter() - begun
    page.goto("/desk/triage/")
    left = set(page.locator("[data-row] h2").all_inner_texts())
    ready = sorted(page_ready) if (page_ready := _ready) else []
    return {}
