"""The import of past appeals into a fresh installation, then its pages and the memory of server and worker."""

import json
import os
import subprocess  # our own commands, started with our own interpreter
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dauys.commands import show
from dauys.commands.bench import machine
from dauys.commands.bench.intake import SETUP, VARIANTS, Server, python
from dauys.commands.bench.promise import stop, worker

PAGES_ASKED = ("/", "/figures/", "/figures/?period=all", "/appeal/", "/ledger/", "/open-data/")


def measure(file: Path, map_file: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as folder:
        home = Path(folder)
        env = {
            **os.environ,
            "DAUYS_HOME": str(home),
            "DAUYS_KEYS": str(home / "keys"),
            "DAUYS_DATABASE": f"sqlite:///{home}/dauys.sqlite3",
        }
        with show.step("A fresh installation"):
            python(home, SETUP)

        def dauys(*words: str) -> Any:
            done = subprocess.run(
                [sys.executable, "-m", "dauys", *words, "--json"], env=env, stdout=subprocess.PIPE, check=False
            )
            return json.loads(done.stdout)

        taken = dauys("import", "appeals", str(file.resolve()), "--map", str(map_file.resolve()))
        pages = dauys("bench", "pages")["pages"]
        server, working = Server(VARIANTS[0], home), worker(home)
        try:
            with show.step("Memory after serving pages"):
                from urllib.request import urlopen

                for page in PAGES_ASKED * 5:
                    urlopen(f"http://127.0.0.1:{server.port}{page}", timeout=30).read()
                time.sleep(15)  # let the worker count, too
                memory = {
                    "server_mb": round(machine.memory_megabytes(server.process.pid)),
                    "worker_mb": round(machine.memory_megabytes(working.pid)),
                }
        finally:
            stop(working)
            server.stop()
        size = (home / "dauys.sqlite3").stat().st_size / 1024 / 1024
        return {"import": taken, "pages": pages, "memory": memory, "database_mb": round(size)}


def lines(found: dict[str, Any]) -> list[str]:
    taken, memory = found["import"], found["memory"]
    slowest = max(found["pages"], key=lambda row: row["median_ms"])
    odd = [f"{row['page']} gave {row['status']}" for row in found["pages"] if row["status"] != 200]
    most = max(found["pages"], key=lambda row: row["statements"])
    return [
        f"import: {taken['taken']} of {taken['rows']} rows, {taken['refused']} refused, "
        f"{taken['rows_per_second']} rows/s in all "
        f"({taken['seconds_taking']} s taking, {taken['seconds_in_all']} s with reading)",
        f"slowest page: {slowest['median_ms']} ms ({slowest['page']}); "
        f"most statements: {most['statements']} ({most['page']})",
        *odd,
        f"memory: server {memory['server_mb']} MB + worker {memory['worker_mb']} MB = {sum(memory.values())} MB; "
        f"database {found['database_mb']} MB",
    ]
