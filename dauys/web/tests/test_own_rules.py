"""A mistake in the institution's own rules is told by `dauys check`, and keeps nobody's doors shut."""

import pytest
from click.testing import CliRunner

from dauys.answer import policies
from dauys.commands import run
from dauys.web import health


@pytest.mark.django_db
def test_check_names_the_file_the_line_and_the_remedy(cast, settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(policies, "RECHECK_SECONDS", 0.0)
    monkeypatch.setattr(run, "setup", lambda: None)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "internal.toml").write_text('family = "internal"\nnames = 7\n')
    told = CliRunner().invoke(run.check, [])
    assert told.exit_code == 1
    assert "BAD rules: internal.toml, line 2: names: is 7; in force: the shipped rules — Write a table." in told.output
    monkeypatch.setattr(health, "findings", lambda: [health._rules()])
    run.ready()  # ends the process where the doors must stay shut
