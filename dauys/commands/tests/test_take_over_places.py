"""`dauys import places`: a map's extract and the institution's own names, with line and reason for what is refused."""

import bz2
import gzip
import json

import pytest
from click.testing import CliRunner

from dauys.commands.take_over_places import places
from dauys.institution.queries import house
from dauys.ledger.models import Entry
from dauys.understand.models import PlaceName
from dauys.understand.reading import gazetteer

pytestmark = pytest.mark.django_db

OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="{lat}" lon="{lon}"/><node id="2" lat="{lat}" lon="{lon}"/>
<node id="3" lat="{lat}" lon="{lon}"><tag k="amenity" v="school"/><tag k="name" v="Школа № 4"/></node>
<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Рябиновая"/>
<tag k="name:kk" v="Шетен"/><tag k="old_name" v="Трудовая"/></way>
<way id="10"><nd ref="77"/><tag k="highway" v="residential"/><tag k="name" v="Без узлов"/></way>
</osm>"""


@pytest.fixture
def settled(cast):
    """The village has a centre, so that what lies near it can be told to be in it."""
    from dauys.institution.models import Institution
    from dauys.institution.queries import forget

    cast.village.lat, cast.village.lon = 50.0, 83.0
    cast.village.save()
    Institution.objects.update(outlines={})
    forget()
    return cast


def taken(path, *more):
    done = CliRunner().invoke(places, [str(path), "--json", *more])
    return done.exit_code, json.loads(done.stdout)


def test_an_osm_extract_is_taken_once_with_area_source_and_licence(settled, tmp_path):
    path = tmp_path / "extract.osm.bz2"
    path.write_bytes(bz2.compress(OSM.format(lat=50.001, lon=83.001).encode()))
    code, told = taken(path)
    assert (code, told["added"]) == (1, 4)
    assert [row["reason"] for row in told["refused"]] == ["the file lacks the nodes of this way"]
    street = PlaceName.objects.get(name="Рябиновая")
    assert (street.kind, street.area_id, street.licence) == ("street", settled.village.id, "ODbL 1.0")
    assert PlaceName.objects.get(name="Трудовая").canonical == "Рябиновая"
    entries = Entry.objects.count()
    assert taken(path)[1]["same"] == 4
    assert Entry.objects.count() == entries


def test_geojson_is_matched_to_its_area_and_what_is_far_is_left(settled, tmp_path):
    def feature(number, name, lon, lat):
        tags = {"name": name, "name:kk": f"{name}-Қос", "place": "village", "osm_id": number, "osm_type": "nodes"}
        return {"type": "Feature", "properties": tags, "geometry": {"type": "Point", "coordinates": [lon, lat]}}

    village = settled.village.name_ru
    path = tmp_path / "places.geojson.gz"
    features = [feature(1, village, 83.01, 50.0), feature(2, village, 20.0, 10.0), feature(3, "Чужое", 83.02, 50.0)]
    features.append({"type": "Feature", "properties": {"place": "village", "name": "Нигде"}, "geometry": None})
    path.write_bytes(gzip.compress(json.dumps({"type": "FeatureCollection", "features": features}).encode()))
    code, told = taken(path)
    assert (code, told["added"], told["outside"], told["without_area"]) == (1, 4, 1, 1)
    assert told["refused"][0]["line"] == 4
    assert set(PlaceName.objects.filter(area=settled.village).values_list("name", flat=True)) == {
        village,
        f"{village}-Қос",
    }


def test_own_names_are_read_by_the_reader_at_once_and_old_ones_lead_to_new(settled, tmp_path):
    path = tmp_path / "own.csv"
    code = settled.village.code
    path.write_text(
        "kind,name,language,area,lat,lon,alias_of\n"
        f"street,Рябиновая,ru,{code},,,\n"
        f"street,Трудовая,ru,{code},,,Рябиновая\n"
        "house,Дом,ru,,,,\n"
        "street,,ru,,,,\n"
        "street,Далёкая,ru,123,,,\n"
        "street,Кривая,ru,,abc,1,\n"
        "street,Половина,ru,,50,,\n"
    )
    assert gazetteer(house()).locate("Трудовая 5") is None
    exit_code, told = taken(path)
    assert exit_code == 1
    assert [(row["line"], row["reason"].split(";")[0]) for row in told["refused"]] == [
        (4, "kind is “house”"), (5, "name is empty"), (6, "area 123 is none of the institution's areas"),
        (7, "lat is “abc”, which is no number"), (8, "only one of lat and lon is given"),
    ]  # fmt: skip
    place = gazetteer(house()).locate("Трудовая 5")
    assert (place.street, place.house, place.area_code) == ("Рябиновая", "5", code)


def test_a_trial_changes_nothing(settled, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("kind,name\nstreet,Рябиновая\n")
    assert taken(path, "--dry-run")[1]["names"] == 1
    assert not PlaceName.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.osm.pbf", b"\x00", "osmium cat"),
        ("a.osm", b'<!DOCTYPE osm [<!ENTITY a "b">]><osm/>', "document type"),
        ("a.osm", b"<html/>", "no OSM XML"),
        ("a.osm", b"<osm><node", "no well-formed XML"),
        ("a.geojson", b"[1]", "no GeoJSON"),
        ("a.geojson", b"{", "cannot be read"),
        ("a.geojson.gz", b"nothing packed", "cannot be read"),
        ("a.csv", b"street\n", "has no column kind"),
        ("a.txt", b"", "give .geojson, .osm or .csv"),
    ],
)
def test_a_file_that_is_something_else_says_what_to_do(settled, tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content)
    done = CliRunner().invoke(places, [str(path)])
    assert (done.exit_code, told in done.output) == (2, True), done.output


def test_before_there_is_an_institution(db, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("kind,name\n")
    done = CliRunner().invoke(places, [str(path)])
    assert (done.exit_code, "dauys up" in done.output) == (2, True)
