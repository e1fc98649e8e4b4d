"""One verb, one right, one transaction, one entry; and what stands in its way has a name."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from dauys.institution import actions, rights
from dauys.institution.models import Appointment, Area, CalendarDay, Institution, Office, Topic, User
from dauys.institution.plan import AreaPlan, CompetencePlan, DayPlan, OfficePlan, TopicPlan, parse
from dauys.institution.queries import Names, NotEstablished, house
from dauys.institution.tests.test_plan import small
from dauys.ledger.core.canonical import decode_base64
from dauys.ledger.core.commitment import commitment
from dauys.ledger.core.leaf import Kind, decode
from dauys.ledger.models import Entry

pytestmark = pytest.mark.django_db


def name(words: str) -> Names:
    return Names("", words, "")


def verbs() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_an_institution_is_established_once(now):
    with pytest.raises(NotEstablished):
        house()
    actions.establish(plan=parse(small()), now=now)
    place = house()
    assert place.office_by_code["main"].policy == "internal"
    assert place.topic_by_code["water.outage"].parent_id == place.topic_by_code["water"].id
    person = User.objects.get()
    assert not person.has_usable_password()
    assert rights.may(person, "institution.manage")
    with pytest.raises(actions.AlreadyEstablished):
        actions.establish(plan=parse(small()), now=now)
    assert verbs() == ["institution.establish"]


def test_a_fall_in_the_middle_leaves_nothing(now, monkeypatch):
    plan = parse(small())
    broken = replace(plan, people=(*plan.people, *plan.people))  # the second one of the same e-mail falls
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        actions.establish(plan=broken, now=now)
    assert not Institution.objects.exists()
    assert not Area.objects.exists()
    assert not Entry.objects.exists()
    actions.establish(plan=plan, now=now)
    assert Institution.objects.exists()


def test_a_change_of_rules_can_be_checked_against_its_public_leaf(cast, now):
    day = DayPlan(date(2026, 5, 8), False, Names("", "", ""), "Order No. 1", True)
    actions.set_day(day=day, officer=cast.administrator, now=now)
    entry = Entry.objects.get()
    leaf = decode(entry.leaf.encode())
    assert (leaf.kind, leaf.code) == (Kind.POLICY, "calendar")
    fields = {field: value.encode() for field, (value, _salt) in entry.detail["rule"].items()}
    salts = {field: decode_base64(salt) for field, (_value, salt) in entry.detail["rule"].items()}
    assert commitment(fields, salts) == leaf.commitment
    assert json.loads(fields["source"]) == "Order No. 1"


def test_a_moved_day_changes_the_calendar_and_says_so(cast, now):
    friday = date(2026, 5, 8)
    day = DayPlan(friday, False, Names("", "", ""), "Order No. 1", False)
    change = actions.set_day(day=day, officer=cast.administrator, now=now)
    assert (change.worked, change.works, change.is_new) == (True, False, True)
    assert not house().calendar(2026).is_working(friday)
    again = actions.set_day(day=day, officer=cast.administrator, now=now)
    assert again.worked == again.works
    assert verbs() == ["institution.set_day"]
    back = actions.remove_day(day=friday, officer=cast.administrator, now=now)
    assert (back.worked, back.works) == (False, True)
    assert not CalendarDay.objects.exists()
    with pytest.raises(actions.NoSuch):
        actions.remove_day(day=friday, officer=cast.administrator, now=now)


def attempts(cast, now):
    """Every verb, as an officer without the right would try it."""
    day = DayPlan(date(2026, 5, 8), False, name(""), "Order", False)
    office = OfficePlan("new", "akimat", "department", name("Новый"), "kz.appc")
    held = Appointment.objects.get(user=cast.operator)
    return {
        "add_areas": lambda who: actions.add_areas(
            areas=[AreaPlan("9", "", "region", name("О"))], officer=who, now=now
        ),
        "add_topic": lambda who: actions.add_topic(topic=TopicPlan("x", "", name("Х")), officer=who, now=now),
        "rename_topic": lambda who: actions.rename_topic(code="water", name=name("В"), officer=who, now=now),
        "close_topic": lambda who: actions.close_topic(code="water", officer=who, now=now),
        "open_topic": lambda who: actions.open_topic(code="water", officer=who, now=now),
        "add_office": lambda who: actions.add_office(office=office, officer=who, now=now),
        "change_office": lambda who: actions.change_office(office=replace(office, code="roads"), officer=who, now=now),
        "close_office": lambda who: actions.close_office(code="branch", officer=who, now=now),
        "set_competences": lambda who: actions.set_competences(code="roads", competences=[], officer=who, now=now),
        "appoint": lambda who: actions.appoint(
            email="stranger@example.org", office="roads", role="head", officer=who, now=now
        ),
        "end_appointment": lambda who: actions.end_appointment(appointment_id=held.pk, officer=who, now=now),
        "add_person": lambda who: actions.add_person(
            name="Н", email="new@example.org", language="ru", officer=who, now=now
        ),
        "new_password": lambda who: actions.new_password(person=cast.officer, officer=who, now=now),
        "set_day": lambda who: actions.set_day(day=day, officer=who, now=now),
        "remove_day": lambda who: actions.remove_day(day=day.day, officer=who, now=now),
    }


VERBS = (
    "add_areas",
    "add_topic",
    "rename_topic",
    "close_topic",
    "open_topic",
    "add_office",
    "change_office",
    "close_office",
    "set_competences",
    "appoint",
    "end_appointment",
    "add_person",
    "new_password",
    "set_day",
    "remove_day",
)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["stranger", "officer", "head", "auditor"])
def test_only_an_administrator_manages(cast, now, verb, who):
    with pytest.raises(PermissionDenied):
        attempts(cast, now)[verb](getattr(cast, who))
    assert not Entry.objects.exists()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in {"open_topic", "remove_day", "close_office"}])
def test_an_administrator_leaves_one_entry_and_the_next_revision(cast, now, verb):
    before = Institution.objects.get().revision
    attempts(cast, now)[verb](cast.administrator)
    assert Institution.objects.get().revision == before + 1
    assert verbs() == [f"institution.{verb}"]
    assert Entry.objects.get().actor_id == cast.administrator.pk


@pytest.fixture
def branch_administrator(cast):
    """Manages one department, and nothing else."""
    user = User.objects.create_user("small@example.org", "correct horse battery", name="Small")
    Appointment.objects.create(user=user, office=cast.utilities, role="administrator", since_on=date(2026, 1, 1))
    return user


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        ("add_topic", False),
        ("set_day", False),
        ("add_areas", False),
        ("set_competences", False),
        ("appoint", False),
        ("add_person", True),
        ("new_password", True),
    ],
)
def test_an_administrator_of_one_office_does_not_rule_the_house(cast, now, branch_administrator, verb, allowed):
    if allowed:
        attempts(cast, now)[verb](branch_administrator)
    else:
        with pytest.raises(PermissionDenied):
            attempts(cast, now)[verb](branch_administrator)


def test_nobody_takes_over_a_chief_by_a_new_password(cast, now, branch_administrator):
    with pytest.raises(PermissionDenied):
        actions.new_password(person=cast.head, officer=branch_administrator, now=now)


def test_the_last_administrator_stays(cast, now):
    held = Appointment.objects.get(user=cast.administrator)
    with pytest.raises(actions.LastAdministrator):
        actions.end_appointment(appointment_id=held.pk, officer=cast.administrator, now=now)
    actions.appoint(email=cast.head.email, office="akimat", role="administrator", officer=None, now=now)
    actions.end_appointment(appointment_id=held.pk, officer=cast.administrator, now=now)
    held.refresh_from_db()
    assert held.until_on == house().today(now)


def test_appointing_twice_is_once_and_a_role_may_be_given_again(cast, now):
    first = actions.appoint(email="STRANGER@example.org", office="roads", role="officer", officer=None, now=now)
    assert actions.appoint(email="stranger@example.org", office="roads", role="officer", officer=None, now=now) == first
    actions.end_appointment(appointment_id=first.pk, officer=None, now=now)
    actions.end_appointment(appointment_id=first.pk, officer=None, now=now)
    third = actions.appoint(email="stranger@example.org", office="roads", role="officer", officer=None, now=now)
    assert third.pk != first.pk
    assert verbs() == ["institution.appoint", "institution.end_appointment", "institution.appoint"]


def test_a_new_password_opens_the_door_and_is_not_written_down(cast, now):
    password = actions.new_password(person=cast.officer, officer=None, now=now)
    cast.officer.refresh_from_db()
    assert cast.officer.check_password(password)
    assert password not in json.dumps(list(Entry.objects.values_list("detail", flat=True)))


def test_a_list_in_one_language_does_not_erase_the_others(cast, now):
    row = AreaPlan("102030100", "102000000", "settlement", name("Берёзовое"))
    taken = actions.add_areas(areas=[row], officer=None, now=now)
    assert (taken.added, taken.changed, taken.same) == (0, 1, 0)
    village = Area.objects.get(code="102030100")
    assert (village.name_ru, village.name_kk, village.lat) == ("Берёзовое", "Қайыңды", 49.5)
    again = actions.add_areas(areas=[row], officer=None, now=now)
    assert (again.changed, again.same) == (0, 1)
    assert verbs() == ["institution.add_areas"]


def test_an_area_knows_its_district_wherever_it_stands_in_the_list(cast, now):
    actions.add_areas(
        areas=[
            AreaPlan("103030100", "103030000", "settlement", name("Село")),
            AreaPlan("103030000", "103000000", "okrug", name("Округ")),
            AreaPlan("103000000", "100000000", "district", name("Район")),
        ],
        officer=None,
        now=now,
    )
    by_code = house().area_by_code
    assert by_code["103030100"].district_id == by_code["103000000"].id == by_code["103000000"].district_id


def test_a_village_that_moves_takes_its_district_along(cast, now):
    actions.add_areas(areas=[AreaPlan("102030100", "101000000", "settlement", name(""))], officer=None, now=now)
    assert house().area_by_code["102030100"].district_id == cast.city.id


def test_an_area_without_a_known_parent_is_refused(cast, now):
    with pytest.raises(actions.NoSuch):
        actions.add_areas(areas=[AreaPlan("9", "8", "okrug", name("О"))], officer=None, now=now)


def test_topics_have_two_levels_and_one_code(cast, now):
    with pytest.raises(actions.WrongParent):
        actions.add_topic(topic=TopicPlan("x", "water.outage", name("Х")), officer=None, now=now)
    with pytest.raises(actions.AlreadyThere):
        actions.add_topic(topic=TopicPlan("water", "", name("Х")), officer=None, now=now)
    with pytest.raises(actions.NoName):
        actions.rename_topic(code="water", name=name(" "), officer=None, now=now)
    actions.close_topic(code="water", officer=None, now=now)
    actions.close_topic(code="water", officer=None, now=now)
    assert not Topic.objects.get(code="water").is_open
    assert verbs() == ["institution.close_topic"]


def test_an_office_closes_when_nothing_holds_to_it(cast, now):
    with pytest.raises(actions.InUse):
        actions.close_office(code="akimat", officer=None, now=now)
    with pytest.raises(actions.InUse):
        actions.close_office(code="roads", officer=None, now=now)
    actions.close_office(code="branch", officer=None, now=now)
    assert "branch" not in house().office_by_code


def test_an_office_never_stands_under_itself(cast, now):
    plan = OfficePlan("akimat", "roads", "akimat", name("Акимат"), "kz.appc")
    with pytest.raises(actions.WrongParent):
        actions.change_office(office=plan, officer=None, now=now)


def test_only_a_change_of_rules_is_public(cast, now):
    plan = OfficePlan("roads", "akimat", "department", Names("Жол", "Дороги", "Roads"), "kz.appc")
    actions.change_office(office=plan, officer=None, now=now)
    actions.change_office(office=replace(plan, policy="internal"), officer=None, now=now)
    assert [bool(entry.leaf) for entry in Entry.objects.order_by("id")] == [False, True]
    assert Office.objects.get(code="roads").policy == "internal"


def test_competences_are_replaced_as_a_whole(cast, now):
    wanted = [
        CompetencePlan("102000000", "water", True, False),
        CompetencePlan(None, "roads.repair", True, True),
    ]
    actions.set_competences(code="roads", competences=wanted, officer=None, now=now)
    actions.set_competences(code="roads", competences=wanted, officer=None, now=now)
    assert cast.road_department.competences.count() == 2
    assert verbs() == ["institution.set_competences"]
    with pytest.raises(actions.NoSuch):
        actions.set_competences(
            code="roads", competences=[CompetencePlan("7", None, True, True)], officer=None, now=now
        )
