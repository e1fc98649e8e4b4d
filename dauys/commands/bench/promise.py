"""How long a citizen waits for a promised date when nothing else happens, and what server and worker weigh."""

import os
import signal
import sqlite3
import subprocess  # our own processes, started with our own interpreter
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dauys.commands import show
from dauys.commands.bench import machine
from dauys.commands.bench.intake import SETUP, TOKENS, VARIANTS, Server, python, requests
from dauys.commands.bench.load import drive

APPEALS = 12


def worker(home: Path) -> "subprocess.Popen[bytes]":
    env = {
        **os.environ,
        "DAUYS_HOME": str(home),
        "DAUYS_KEYS": str(home / "keys"),
        "DAUYS_DATABASE": f"sqlite:///{home}/dauys.sqlite3",
    }
    return subprocess.Popen([sys.executable, "-m", "dauys", "work"], env=env, start_new_session=True)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as folder:
        home = Path(folder)
        with show.step("A fresh installation"):
            python(home, SETUP)
        tokens = iter(python(home, TOKENS.format(count=APPEALS + 1)).split())
        server, working = Server(VARIANTS[0], home), worker(home)
        try:
            base = sqlite3.connect(f"file:{home}/dauys.sqlite3?mode=ro", uri=True)
            waits = []
            with show.Ticker("Appeals promised", APPEALS) as ticker:
                for number in range(APPEALS + 1):
                    begun = time.perf_counter()
                    drive(requests(iter([next(tokens)]), server.port), port=server.port, connections=1, seconds=0.01)
                    while base.execute("SELECT count(*) FROM promise").fetchone()[0] <= number:
                        time.sleep(0.02)
                        if time.perf_counter() - begun > 30:
                            raise RuntimeError("No promise within 30 seconds.")
                    waits.append(time.perf_counter() - begun)
                    ticker.advance()
                    time.sleep(0.37)  # not in step with the worker's own rest
            waits = sorted(waits[1:])  # the first one waits for the worker to start
            return {
                "appeals": len(waits), "median_s": waits[len(waits) // 2], "worst_s": waits[-1],
                "server_mb": machine.memory_megabytes(server.process.pid),
                "worker_mb": machine.memory_megabytes(working.pid),
            }  # fmt: skip
        finally:
            stop(working)
            server.stop()
