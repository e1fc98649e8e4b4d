"""A real server and worker in a home of their own, and a real headless Chromium in front of them.

Where there is no Chromium the journeys are skipped and say so; with DAUYS_REQUIRE_BROWSER=1 they fail instead.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from browsing import Eye, House, sign_in

HERE = Path(__file__).parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 30


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        said = "no Chromium on PATH: install it (apt-get install chromium) to walk the journeys"
        if os.environ.get("DAUYS_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    return found


@pytest.fixture(scope="session")
def house(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("journeys")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("DAUYS_")}
    surroundings = {**outside, "DAUYS_HOME": str(home), "DAUYS_SECOND_FACTOR": "0", "DAUYS_LOG": "ERROR",
                    "DAUYS_UNDO_SECONDS": "4"}  # fmt: skip
    settled = subprocess.run(
        [sys.executable, str(HERE / "settle.py")], env=surroundings, stdout=subprocess.PIPE, text=True, check=True
    )
    known = json.loads(settled.stdout)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = open(home / "log", "w")  # noqa: SIM115  (both processes write to it to their end)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dauys", *command], env=surroundings, stdout=log, stderr=log, start_new_session=True
        )
        for command in (["serve", "--port", str(port)], ["work"])
    ]
    try:
        _wait_until_ready(address, processes, home / "log")
        yield House(address, known["passwords"], known["appeals"])
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        log.close()


def _wait_until_ready(address: str, processes: list["subprocess.Popen[bytes]"], log: Path) -> None:
    until, said = time.monotonic() + START_SECONDS, "nothing"
    while time.monotonic() < until:
        assert all(process.poll() is None for process in processes), log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310
                return
        except urllib.error.HTTPError as unfit:
            said = unfit.read().decode()
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"The server was not ready after {START_SECONDS} s and said {said}. {log.read_text()}")


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Any]:
    """For one module at a time: while Playwright runs, its thread has an event loop, which Django's tables refuse."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Any, house: House) -> Iterator[Any]:
    """Open a browser: `browse()` a citizen's, `browse("officer@example.org")` somebody's who has signed in."""
    opened: list[Eye] = []

    def open_one(email: str = "", **options: Any) -> Eye:
        if email and email not in house.signed_in:
            house.signed_in[email] = sign_in(chromium, house, email)
        eye = Eye(chromium, house, storage_state=house.signed_in.get(email), **options)
        opened.append(eye)
        return eye

    yield open_one
    for eye in opened:
        eye.close()
