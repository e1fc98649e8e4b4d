"""Loaded before anything else (pyproject's `-p tests.home`): tests live in a home of their own, so that no key or row
of a real installation is ever touched, even when a developer has one in ./var."""

import os
import tempfile
from pathlib import Path

if "PYTEST_XDIST_WORKER" not in os.environ:
    _HOME = tempfile.TemporaryDirectory(prefix="dauys-tests-")
    os.environ["DAUYS_HOME"] = _HOME.name
    (Path(_HOME.name) / "static").mkdir()
os.environ["DAUYS_KEYS"] = os.environ["DAUYS_HOME"] + "/keys"
os.environ.setdefault("DAUYS_LOG", "ERROR")
os.environ["DAUYS_SECOND_FACTOR"] = "0"
os.environ["DAUYS_LANGUAGE"] = "en"
