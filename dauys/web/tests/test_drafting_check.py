"""`dauys check` on the drafting machine: on, off, or which setting is wrong; never a reason to keep the doors shut."""

import pytest

from dauys.web import health


def drafting() -> health.Finding:
    return next(one for one in health.findings() if one.name == "drafting")


def test_it_says_on_or_off(settings, db):
    assert (drafting().ok, drafting().said) == (True, "off")
    settings.DRAFTING_URL, settings.DRAFTING_MODEL = "http://10.0.0.5:8000/v1", "m"
    assert drafting().said == "on: m at 10.0.0.5:8000"


@pytest.mark.parametrize(("name", "value"), [("DRAFTING_URL", "ftp://10.0.0.5/v1"), ("DRAFTING_MODEL", "")])
def test_it_names_the_setting_that_is_wrong(settings, db, client, name, value):
    settings.DRAFTING_URL, settings.DRAFTING_MODEL = "http://10.0.0.5:8000/v1", "m"
    setattr(settings, name, value)
    assert not drafting().ok
    assert f"DAUYS_{name}" in drafting().remedy
    assert "drafting" in health.BESIDE
