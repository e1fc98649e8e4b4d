"""The stage and the cast of every test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest


def pytest_configure() -> None:
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # Pages are tested in three languages: on a fresh clone nothing has compiled the catalogues yet.
    from dauys.commands.run import translations_compiled

    translations_compiled()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose


NOW = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)
"""A working Tuesday, eleven in the morning where the test institution is."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The write lane keeps a connection of its own; PostgreSQL would not let the test database go under it."""
    yield
    import sys

    hear = sys.modules.get("dauys.hear.actions")
    if hear is not None:
        hear._lane.close()


@pytest.fixture(autouse=True)
def _fresh_house() -> Iterator[None]:
    """No test sees the small tables another one left in memory."""
    from dauys.institution.queries import forget

    forget()
    yield
    forget()


@pytest.fixture(autouse=True)
def _any_order(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories are told in any order of days; a clock set back is the subject of tests marked `steady_clock`."""
    from dauys.ledger import actions

    if "steady_clock" not in request.keywords:
        monkeypatch.setattr(actions, "CLOCKS_DIFFER", timedelta.max)


@dataclass
class Cast:
    """A small institution: an akimat with two departments, a branch; two districts and a village; steady roles."""

    institution: Any
    region: Any
    city: Any
    district: Any
    village: Any
    water: Any
    roads: Any
    akimat: Any
    utilities: Any
    road_department: Any
    branch: Any
    operator: Any
    officer: Any
    head: Any
    road_officer: Any
    administrator: Any
    auditor: Any
    stranger: Any


@pytest.fixture
def cast(db: None) -> Cast:
    """The people and offices of every story; `stranger` has an account and no appointment."""
    from dauys.institution.models import (
        Appointment,
        Area,
        Competence,
        Institution,
        Office,
        Role,
        Topic,
        User,
    )
    from dauys.institution.queries import forget

    institution = Institution.objects.create(
        id=1, name_kk="Сынақ өңірі", name_ru="Пробный регион", name_en="Trial region",
        country="KZ", zone="Asia/Almaty", created_at=NOW,
    )  # fmt: skip
    region = Area.objects.create(code="100000000", level="region", name_ru="Область", name_en="Region", name_kk="Облыс")
    city = Area.objects.create(
        code="101000000",
        parent=region,
        level="district",
        name_ru="Город Лесной",
        name_kk="Лесной қаласы",
        name_en="Lesnoy",
    )
    district = Area.objects.create(
        code="102000000",
        parent=region,
        level="district",
        name_ru="Степной район",
        name_kk="Дала ауданы",
        name_en="Steppe district",
    )
    village = Area.objects.create(
        code="102030100",
        parent=district,
        level="settlement",
        district=district,
        name_ru="Берёзовка",
        name_kk="Қайыңды",
        name_en="Birch village",
        lat=49.5,
        lon=83.0,
    )
    for area in (city, district):
        area.district = area
        area.save()
    housing = Topic.objects.create(
        code="water", name_ru="Водоснабжение", name_kk="Сумен жабдықтау", name_en="Water", position=1
    )
    water = Topic.objects.create(
        code="water.outage", parent=housing, name_ru="Нет воды", name_kk="Су жоқ", name_en="No water", position=2
    )
    roads = Topic.objects.create(
        code="roads.repair", name_ru="Ремонт дорог", name_kk="Жол жөндеу", name_en="Road repair", position=3
    )
    akimat = Office.objects.create(
        code="akimat", kind="akimat", policy="kz.appc", name_ru="Акимат", name_kk="Әкімдік", name_en="Akimat"
    )
    utilities = Office.objects.create(
        code="utilities",
        parent=akimat,
        kind="department",
        policy="kz.appc",
        name_ru="Отдел ЖКХ",
        name_kk="ТКШ бөлімі",
        name_en="Utilities",
    )
    road_department = Office.objects.create(
        code="roads",
        parent=akimat,
        kind="department",
        policy="kz.appc",
        name_ru="Отдел дорог",
        name_kk="Жол бөлімі",
        name_en="Roads",
    )
    branch = Office.objects.create(
        code="branch", kind="branch", policy="internal", name_ru="Филиал", name_kk="Филиал", name_en="Branch"
    )
    Competence.objects.create(office=utilities, topic=housing)
    Competence.objects.create(office=road_department, topic=roads)
    people = {}
    for name, office, role in (
        ("operator", akimat, Role.OPERATOR), ("officer", utilities, Role.OFFICER), ("head", akimat, Role.HEAD),
        ("road_officer", road_department, Role.OFFICER), ("administrator", akimat, Role.ADMINISTRATOR),
        ("auditor", akimat, Role.AUDITOR), ("stranger", None, None),
    ):  # fmt: skip
        user = User.objects.create_user(f"{name}@example.org", "correct horse battery", name=name.title())
        if office is not None:
            Appointment.objects.create(user=user, office=office, role=role, since_on=date(2026, 1, 1))
        people[name] = user
    forget()
    return Cast(
        institution=institution, region=region, city=city, district=district, village=village, water=water,
        roads=roads, akimat=akimat, utilities=utilities, road_department=road_department, branch=branch, **people,
    )  # fmt: skip
