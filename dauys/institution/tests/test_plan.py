"""One file describes an institution; every fault of it is told at once, with its remedy."""

import re
import tomllib
from pathlib import Path

import pytest

from dauys.institution.plan import BadPlan, parse, read, starter_topics

ROOT = Path(__file__).resolve().parents[3]
RECIPE = ROOT / "docs" / "recipes" / "set-up-an-institution.md"


def small() -> dict:
    return {
        "institution": {"ru": "Филиал", "country": "KZ", "zone": "Asia/Almaty", "topics": "starter"},
        "area": [{"code": "100000000", "level": "region", "ru": "Область"}],
        "office": [{"code": "main", "kind": "branch", "ru": "Аппарат", "policy": "internal"}],
        "person": [{"name": "Имя", "email": "A@example.org", "roles": [{"office": "main", "role": "administrator"}]}],
    }


def faults(table: dict, **options) -> list[str]:
    with pytest.raises(BadPlan) as bad:
        parse(table, **options)
    return [str(fault) for fault in bad.value.faults]


def test_the_example_of_the_recipe_is_a_plan():
    text = re.search(r"```toml\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.S)[1]
    plan = parse(tomllib.loads(text), families=frozenset({"kz", "internal"}))
    assert [office.code for office in plan.offices] == ["main", "city"]
    assert {competence.topic for competence in plan.offices[1].competences} == {
        "reading-rooms",
        "water.outage",
    }
    assert {topic.code for topic in plan.topics} > {topic.code for topic in starter_topics()}
    assert any(day.source.startswith("Government order No. 100") for day in plan.days)


def test_a_small_plan_needs_little():
    plan = parse(small())
    assert (plan.opens.hour, plan.name.in_language("kk")) == (9, "Филиал")
    assert plan.people[0].email == "a@example.org"
    assert plan.days, "the moved days we know of are where the calendar begins"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda t: t["institution"].pop("zone"), "institution: zone is missing", id="missing key"),
        pytest.param(lambda t: t["institution"].update(zone="Asia/Almatu"), "Did you mean Asia/Almaty", id="near zone"),
        pytest.param(lambda t: t["institution"].update(country="XX"), "'XX' is not known", id="country"),
        pytest.param(lambda t: t["institution"].update(opens="9 утра"), "not an hour", id="hour"),
        pytest.param(
            lambda t: t["institution"].update(opens="19:00"), "is not after opens, 19:00", id="day ends first"
        ),
        pytest.param(lambda t: t["institution"].update(tpoics="x"), "Write topics", id="misspelt key"),
        pytest.param(lambda t: t["institution"].pop("ru"), "at least one language", id="no name"),
        pytest.param(lambda t: t["institution"].update(topics="own"), "topics is 'own'", id="topics word"),
        pytest.param(lambda t: t["institution"].update(areas_file="no.csv"), "'no.csv' cannot be read", id="no file"),
        pytest.param(lambda t: t["area"][0].update(level="city"), "level is 'city'", id="level"),
        pytest.param(
            lambda t: t["area"][0].update(parent="5"),
            "area 100000000: parent '5' does not exist",
            id="orphan",
        ),
        pytest.param(lambda t: t["area"][0].update(lat=91, lon=0), "degrees between -90 and 90", id="latitude"),
        pytest.param(lambda t: t["area"].append(t["area"][0]), "area 100000000 stands 2 times", id="twice"),
        pytest.param(lambda t: t["office"][0].update(code="Main Office"), "small Latin letters", id="slug"),
        pytest.param(lambda t: t["office"][0].update(parent="main"), "leads round in a circle", id="circle"),
        pytest.param(lambda t: t["office"][0].update(area="7"), "office main: area '7' does not exist", id="no area"),
        pytest.param(lambda t: t["office"][0].update(policy="xx.1"), "no known family", id="policy"),
        pytest.param(
            lambda t: t["office"][0].update(competence=[{"topics": ["nothing"]}]),
            "competence.topics 'nothing' does not exist",
            id="no topic",
        ),
        pytest.param(lambda t: t["person"][0].update(email="nobody"), "is no e-mail address", id="email"),
        pytest.param(lambda t: t["person"][0].update(password="x"), "passwords are made by", id="password in a file"),
        pytest.param(lambda t: t["person"][0].update(roles=[]), "nobody is administrator", id="no administrator"),
        pytest.param(
            lambda t: t["person"][0].update(roles=[{"office": "x", "role": "head"}]),
            "office 'x' does not exist",
            id="role nowhere",
        ),
        pytest.param(lambda t: t.update(day=[{"day": "8 May", "works": False, "source": "x"}]), "not a day", id="day"),
        pytest.param(lambda t: t.update(offices=[]), "offices is not a known key. Write office", id="unknown table"),
    ],
)
def test_a_fault_names_key_value_and_remedy(change, told):
    table = small()
    change(table)
    assert any(told in fault for fault in faults(table, families=frozenset({"internal"})))


def test_all_faults_are_told_at_once():
    table = small()
    table["institution"].pop("zone")
    table["office"][0]["kind"] = "ministry"
    table["person"][0]["email"] = "nobody"
    assert len(faults(table)) == 3


def test_files_lie_beside_the_plan(tmp_path):
    (tmp_path / "areas.csv").write_text(
        "# a comment\ncode,parent,level,ru,kk,en,lat,lon,extra\n"
        "100,,region,Область,,,,,1\n101,100,district,,Аудан,,50,80,2\n"
    )
    (tmp_path / "map.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"101"}}]}'
    )
    (tmp_path / "plan.toml").write_text(
        '[institution]\nru="Ф"\ncountry="KZ"\nzone="Asia/Almaty"\ntopics="starter"\nareas_file="areas.csv"\n'
        'outlines="map.geojson"\n[[office]]\ncode="a"\nkind="branch"\nru="А"\npolicy="internal"\n'
        '[[person]]\nname="И"\nemail="i@example.org"\nroles=[{office="a",role="administrator"}]\n'
    )
    plan = read(tmp_path / "plan.toml")
    assert [(area.code, area.parent, area.lat) for area in plan.areas] == [
        ("100", "", None),
        ("101", "100", 50.0),
    ]
    assert plan.outlines["features"]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = ", b""])
def test_a_file_that_is_no_plan_is_refused_in_words(tmp_path, content):
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(BadPlan) as bad:
        read(path)
    assert bad.value.faults
