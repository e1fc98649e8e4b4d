"""The files of the demonstration region fit together and say plainly that they are invented."""

import json
import re
import shutil

import pytest

from dauys.demo.reading import HERE, DemoDataError, read_data

DATA = read_data()
SLOT = re.compile(r"{(\w+)}")


def test_every_unit_has_an_akimat_a_branch_and_somebody_who_answers():
    units = {area.code for area in DATA.areas.values() if area.level == "district"}
    assert len(units) == 13
    officers = {office for person in DATA.people for office, role in person.roles if role == "officer"}
    for kind in ("akimat", "branch"):
        offices = {office.area: office for office in DATA.offices.values() if office.kind == kind and office.parent}
        assert set(offices) == units
        assert all(office.code in officers for office in offices.values())


def test_the_shares_of_the_population_add_up():
    for level in ("district", "settlement"):
        shares = [area.population_share for area in DATA.areas.values() if area.level == level]
        assert sum(shares) == pytest.approx(1, abs=0.01)


def test_the_printed_sign_ins_cover_every_role():
    shown = [person for person in DATA.people if person.shown]
    assert {role for person in shown for _, role in person.roles} == {
        "operator", "officer", "head", "administrator", "auditor",
    }  # fmt: skip
    assert len(DATA.people) >= 45


def test_all_43_topics_are_spoken_of_in_130_matters_and_both_languages():
    assert len(DATA.matters) >= 130
    parts = {topic for topic in DATA.topics if "." in topic}
    assert {matter.topic for matter in DATA.matters.values()} == parts
    for matter in DATA.matters.values():
        for language in ("ru", "kk"):
            assert len(set(matter.phrases[language])) >= 4, matter.code
            assert matter.about[language], matter.code
            assert matter.done[language], matter.code


def test_a_kazakh_text_is_kazakh_and_a_russian_one_is_not():
    for matter in DATA.matters.values():
        assert re.search("[әғқңөұүі]", " ".join(matter.phrases["kk"])), matter.code
        assert not re.search("[әғқңөұүһі]", " ".join(matter.phrases["ru"]).lower()), matter.code


def test_the_outlines_are_small_and_are_the_thirteen_units():
    text = (HERE / "outlines.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    assert len(text.encode()) < 120_000
    assert {feature["properties"]["code"] for feature in features} == {
        area.code for area in DATA.areas.values() if area.level == "district"
    }
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert 20 < len(ring) <= 130
        assert "OpenStreetMap" in feature["properties"]["source"]


def test_no_text_holds_a_phone_or_a_mail_address_of_somebody():
    for file in HERE.rglob("*.toml"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\+7|\b8[ (-]?7\d\d", text), file.name
        assert not re.search(r"@(?!example\.org)", text), file.name


@pytest.mark.parametrize(
    ("file", "was", "becomes", "told"),
    [
        pytest.param("people.toml", 'role = "auditor"', 'role = "tsar"', "tsar", id="unknown role"),
        pytest.param("people.toml", 'office = "dep-housing"', 'office = "dep-none"', "dep-none", id="unknown office"),
        pytest.param("offices.toml", '"housing"', '"hosing"', "hosing", id="unknown topic"),
        pytest.param("offices.toml", 'kind = "council"', 'kind = "club"', "club", id="unknown kind of office"),
        pytest.param("areas.csv", ",49.948,", ",north,", "row", id="a latitude in words"),
        pytest.param("customs.toml", "head@", "nobody@", "nobody@", id="a custom decided by a stranger"),
        pytest.param(
            "customs.toml", 'acts = "housing-oskemen"', 'acts = "dep-none"', "dep-none", id="a rule to nowhere"
        ),
        pytest.param("steps.toml", '"officials.budget"', '"officials.none"', "officials.none", id="unknown matter"),
        pytest.param("voice.toml", "invented = true", "invented = false", "invented", id="not marked as invented"),
    ],
)
def test_a_slip_in_a_file_is_named(tmp_path, file, was, becomes, told):
    folder = tmp_path / "data"
    shutil.copytree(HERE, folder)
    path = folder / file
    assert read_data(folder).areas == DATA.areas  # sound before the slip
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    with pytest.raises(DemoDataError, match=told):
        read_data(folder)
