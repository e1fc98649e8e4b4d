"""`receive` is the one door: every channel hands its submissions here; nothing is acknowledged before it is safe."""

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from dauys.engines.deadline import registration_day
from dauys.hear import codes, files, sealing
from dauys.hear.lane import Busy, Lane
from dauys.hear.models import Attachment
from dauys.hear.submission import Refused, Submission, check, storable
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.commitment import commitment
from dauys.ledger.core.leaf import Kind as LeafKind


@dataclass(frozen=True, slots=True)
class Receipt:
    """The citizen's first proof. `code` opens the appeal again; it is shown once and kept only as a digest."""

    appeal_id: int
    number: str
    case: str
    code: str
    received_at: datetime
    registered_on: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked submission with all that needs no database: identity, keys, sealed contact, files on the disk."""

    submission: Submission
    key: str
    case: str
    code: str
    received_at: datetime
    written_at: datetime
    today: date
    registered_on: date
    wrapped_key: bytes
    box: bytes | None
    commitment: bytes
    files: tuple[files.Kept, ...]


def receive(submission: Submission, *, now: datetime) -> Receipt:
    """Take one appeal. Returns after it is on the disk with its ledger entry; sending it again gives the same receipt.

    Raises Refused (mend and send again), lane.Busy (nothing taken, try again soon).
    """
    prepared = prepare(submission, now=now)
    try:
        if connection.in_atomic_block or settings.INTAKE == "alone":
            receipt = write([prepared])[0]
        else:
            receipt = _lane.submit(prepared)
    except Busy:
        files.discard(prepared.files)
        raise
    if not receipt.is_new:
        files.discard(prepared.files)  # the first sending's files are the ones a row names
    return receipt


def receipt_of(key: str) -> Receipt | None:
    """The receipt of a sending that was taken before, or None; lets a page answer a second press without its files."""
    row = _known([key]).get(key)
    return _receipt(row, codes.code_for(key), is_new=False) if row else None


def write_down(submission: Submission, *, officer: User, now: datetime) -> Receipt:
    """An officer writes down what a visitor or caller said, at the office the submission names."""
    rights.require(officer, "hear.write_down", [submission.taken_at_id])
    return receive(submission, now=now)


def receive_batch(
    submissions: Sequence[Submission], *, now: datetime, alongside: Callable[[int], None]
) -> list[Receipt | Refused]:
    """Take many at once, in one transaction with what `alongside(how many are taken)` writes: all of it, or none.

    One result for each submission, in order; a refused one does not hold back the others.
    """
    results: list[Receipt | Refused | None] = []
    ready: list[Prepared] = []
    for submission in submissions:
        try:
            ready.append(prepare(submission, now=now))
            results.append(None)
        except Refused as refusal:
            results.append(refusal)
    with transaction.atomic():
        taken = iter(write(ready))
        alongside(len(ready))
    return [next(taken) if result is None else result for result in results]


def prepare(submission: Submission, *, now: datetime) -> Prepared:
    """Everything that can be done before a transaction. Raises Refused."""
    check(submission)
    place = house()
    received_at = submission.received_at or now
    local = received_at.astimezone(place.zone)
    registered_on, _reason = registration_day(
        local,
        opens=place.institution.opens,
        closes=place.institution.closes,
        calendar=place.calendar(local.year),
    )
    key = submission.key()
    # One draw for all: at every draw a thread lets go of the interpreter, and waits behind the others to get it back.
    chance = os.urandom(16 + sealing.CHANCE_FOR_KEY + sealing.CHANCE_FOR_BOX)
    case = base64.b64encode(chance[:16]).decode()
    case_key, wrapped = sealing.new_key(case, chance[16 : 16 + sealing.CHANCE_FOR_KEY])
    return Prepared(
        submission=submission,
        key=key,
        case=case,
        code=codes.code_for(key),
        received_at=received_at,
        written_at=now,
        today=place.today(now),
        registered_on=registered_on,
        wrapped_key=wrapped,
        box=(
            sealing.seal(case_key, submission.contact.encode(), "contact", chance[-sealing.CHANCE_FOR_BOX :])
            if submission.contact
            else None
        ),
        commitment=_commit(submission, case_key, received_at),
        files=tuple(files.keep(upload, case_key=case_key, case=case) for upload in submission.uploads),
    )


def receipt_fields(submission: Submission, received_at: datetime) -> dict[str, bytes]:
    """What the ledger's `received` leaf commits to, field by field (trust.md §1.4)."""
    fields = {
        "text": storable(submission.text).encode(),
        "applicant": submission.contact.encode(),
        "moment": received_at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
        "channel": submission.channel.encode(),
        "kind": submission.kind.encode(),
    }
    if submission.uploads:
        fields["attachments"] = "\n".join(upload.sha256 for upload in submission.uploads).encode()
    return fields


def _commit(submission: Submission, case_key: bytes, received_at: datetime) -> bytes:
    fields = receipt_fields(submission, received_at)
    return commitment(fields, {name: sealing.salt(case_key, f"received.{name}") for name in fields})


def write(batch: Sequence[Prepared]) -> list[Receipt]:
    """Write prepared submissions in one transaction: at most eight statements, however many they are."""
    with transaction.atomic():
        known = _known(item.key for item in batch)
        fresh = {item.key: item for item in batch if item.key not in known}
        if fresh:
            for row in _write_fresh(list(fresh.values())):
                known[row.key] = row
    return [_receipt(known[item.key], item.code, is_new=known[item.key].case == item.case) for item in batch]


@dataclass(frozen=True, slots=True)
class Written:
    """What a row of `appeal` says to whoever sent it."""

    id: int
    number: str
    case: str
    key: str
    received_at: datetime
    registered_on: date


def _known(keys: Iterable[str]) -> dict[str, Written]:
    wanted = list(set(keys))
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, number, "case", key, received_at, registered_on FROM appeal WHERE key IN ({marks})', wanted
        )
        rows = cursor.fetchall()
    return {row[3]: Written(row[0], row[1], row[2], row[3], _moment(row[4]), _day(row[5])) for row in rows}


def _moment(value: datetime | str) -> datetime:
    """A plain statement on SQLite gives moments as text, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _receipt(row: Written, code: str, *, is_new: bool) -> Receipt:
    return Receipt(row.id, row.number, row.case, code, row.received_at, row.registered_on, is_new)


_APPEAL = """
INSERT INTO appeal (id, number, "case", kind, channel, text, language, place, area_id, lat, lon, about_office_id,
    received_at, registered_on, taken_by_id, taken_at_id, key, code_mac, imported_id, labels)
VALUES
"""
_SEALED = "INSERT INTO sealed (appeal_id, wrapped_key, box, has_contact) VALUES"


def _write_fresh(items: list[Prepared]) -> list[Written]:
    """Plain statements: this is the one place of the house where a model object a row would be felt at the door."""
    written_on = ledger.take_pen(max(item.today for item in items))
    numbers = _numbers([item.registered_on.year for item in items])
    moment, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        ids = _ids(cursor, len(items))
        rows = [
            Written(id, number, item.case, item.key, item.received_at, item.registered_on)
            for id, number, item in zip(ids, numbers, items, strict=True)
        ]
        ledger.insert_rows(
            cursor,
            _APPEAL,
            [
                (
                    row.id, row.number, row.case, told.kind, told.channel, storable(told.text), told.language,
                    storable(told.place), told.area_id, told.lat, told.lon, told.about_office_id,
                    moment(row.received_at), day(row.registered_on), told.taken_by_id, told.taken_at_id,
                    row.key, codes.mac(item.code),
                    told.imported_id, json.dumps(told.labels) if told.labels is not None else None,
                )
                for row, item in zip(rows, items, strict=True)
                for told in [item.submission]
            ],
        )  # fmt: skip
        ledger.insert_rows(
            cursor,
            _SEALED,
            [(row.id, item.wrapped_key, item.box, item.box is not None) for row, item in zip(rows, items, strict=True)],
        )
    attachments = [
        Attachment(
            appeal_id=row.id, name=kept.name, media_type=kept.media_type, size=kept.size, sha256=kept.sha256,
            path=kept.path,
        )
        for row, item in zip(rows, items, strict=True)
        for kept in item.files
    ]  # fmt: skip
    if attachments:
        Attachment.objects.bulk_create(attachments)
    ledger.append_many(
        [
            ledger.Act(
                verb="hear.receive",
                case=item.case,
                at=item.written_at,
                actor_id=item.submission.taken_by_id,
                public=ledger.Public(LeafKind.RECEIVED, code=item.submission.channel, commitment=item.commitment),
            )
            for item in items
        ],
        on=written_on,
    )
    return rows


def _ids(cursor: Any, count: int) -> Sequence[int]:
    """The next ids of `appeal`, taken under the pen, so that their order is the order of the ledger."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'appeal'), 0)")
        last: int = cursor.fetchone()[0]
        return range(last + 1, last + count + 1)
    cursor.execute("SELECT nextval(pg_get_serial_sequence('appeal', 'id')) FROM generate_series(1, %s)", [count])
    return [row[0] for row in cursor.fetchall()]


def _numbers(years: Sequence[int]) -> list[str]:
    """The next registration numbers, one for each, without a gap: they are drawn in the writing transaction."""
    taken: dict[int, int] = {}
    for year in sorted(set(years)):
        count = years.count(year)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO register (year, last) VALUES (%s, %s) ON CONFLICT (year) DO UPDATE "
                "SET last = register.last + excluded.last RETURNING last",
                [year, count],
            )
            taken[year] = cursor.fetchone()[0] - count
    numbers = []
    for year in years:
        taken[year] += 1
        numbers.append(f"{year}-{taken[year]:06d}")
    return numbers


def _write_in_turn(batch: Sequence[Prepared]) -> list[Receipt]:
    """SQLite's own queue of writers sleeps and tries again, so two server processes would starve each other:
    their lanes wait in line at a file instead. PostgreSQL has a queue of its own.
    """
    if connection.vendor != "sqlite":
        return write(batch)
    with open(settings.HOME / "lane.lock", "w") as line:
        fcntl.flock(line, fcntl.LOCK_EX)  # let go when the file is closed, also by a kill
        return write(batch)


_lane: Lane[Prepared, Receipt] = Lane(_write_in_turn)
