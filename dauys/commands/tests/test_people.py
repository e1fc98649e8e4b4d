"""Who works here, from a shell: plain words, JSON, honest exit codes."""

import json

import pytest
from click.testing import CliRunner

from dauys.commands.people import people
from dauys.institution.models import Appointment, User

pytestmark = pytest.mark.django_db


def call(*arguments: str):
    return CliRunner().invoke(people, arguments)


def test_a_person_is_added_appointed_and_let_in(cast):
    done = call("add", "New@example.org", "--name", "Новый", "--office", "roads", "--role", "officer", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    person = User.objects.get(email="new@example.org")
    assert person.check_password(told["password"])
    assert Appointment.objects.filter(user=person, office=cast.road_department, role="officer").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["add", "officer@example.org", "--name", "Н"], 1, "is here already"),
        (["add", "nobody", "--name", "Н"], 2, "no e-mail address"),
        (["add", "n@example.org", "--name", " "], 2, "--name is empty"),
        (["add", "n@example.org", "--name", "Н", "--office", "roads"], 2, "go together"),
        (
            ["add", "n@example.org", "--name", "Н", "--office", "road", "--role", "head"],
            1,
            "Did you mean 'roads'",
        ),
        (["appoint", "nobody@example.org", "roads", "head"], 1, "There is no person"),
        (["appoint", "officer@example.org", "roads", "king"], 2, "king"),
        (["appoint", "officer@example.org", "roads", "head", "--end"], 1, "is not head at roads"),
        (["appoint", "administrator@example.org", "akimat", "administrator", "--end"], 1, "Nobody else"),
        (["password", "nobody@example.org"], 1, "There is no person"),
        (["list", "--office", "nowhere"], 1, "There is no office"),
    ],
)
def test_what_cannot_be_done_says_why(cast, arguments, code, told):
    done = call(*arguments)
    assert (done.exit_code, told in done.output) == (code, True), done.output
    assert not User.objects.filter(email="n@example.org").exists()


def test_an_appointment_is_given_and_ended(cast):
    assert call("appoint", "stranger@example.org", "roads", "head").exit_code == 0
    assert call("appoint", "stranger@example.org", "roads", "head").exit_code == 0
    listed = json.loads(call("list", "--office", "roads", "--json").stdout)["people"]
    assert {person["email"] for person in listed} == {"road_officer@example.org", "stranger@example.org"}
    assert call("appoint", "stranger@example.org", "roads", "head", "--end").exit_code == 0
    assert "stranger@example.org" not in call("list", "--office", "roads").output


def test_a_new_password_replaces_the_old(cast):
    told = json.loads(call("password", "officer@example.org", "--json").stdout)
    assert User.objects.get(email="officer@example.org").check_password(told["password"])


def test_before_there_is_an_institution(db):
    done = call("list")
    assert (done.exit_code, "dauys up" in done.output) == (2, True)
