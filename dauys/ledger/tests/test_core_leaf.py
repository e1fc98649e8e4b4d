"""The public grammar of seven lines, and what a leaf promises about words it does not publish."""

import base64
import itertools
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.core import leaf
from dauys.ledger.core.commitment import (
    CommitmentError,
    commitment,
    field_hash,
    field_line,
    fresh_salts,
)
from dauys.ledger.core.leaf import WITHOUT_CASE, Kind, Leaf, LeafError

CASE = bytes(range(16))
DAY = date(2026, 11, 22)
RECEIVED = b"""dauys/entry@v1
received
AAECAwQFBgcICQoLDA0ODw==
2026-11-22
2026-12-14
web
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"""
TICK = b"dauys/entry@v1\ntick\n-\n2026-11-22T10:00:00Z\n-\n-\n-\n"


def test_the_published_form():
    received = Leaf(Kind.RECEIVED, CASE, DAY, date(2026, 12, 14), "web", bytes(32))
    tick = Leaf(Kind.TICK, None, datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert (received.encode(), leaf.decode(RECEIVED)) == (RECEIVED, received)
    assert (tick.encode(), leaf.decode(TICK)) == (TICK, tick)


def swapped(line, text, of=RECEIVED):
    lines = of.decode().split("\n")
    lines[line] = text
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(swapped(1, "answered"), id="another kind"),
        pytest.param(swapped(4, "-"), id="nothing due"),
        pytest.param(swapped(5, "-"), id="no code"),
        pytest.param(swapped(5, "a.b_c-9" + "x" * 25), id="the longest code"),
        pytest.param(swapped(6, "-"), id="no commitment"),
        pytest.param(swapped(3, "0001-01-01"), id="the first day"),
        pytest.param(swapped(1, "policy", swapped(2, "-", swapped(4, "-"))), id="a policy"),
        pytest.param(swapped(5, "hourly", TICK), id="a tick with a code"),
    ],
)
def test_a_leaf_may_say(data):
    assert leaf.decode(data).encode() == data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(RECEIVED[:-1], id="no final newline"),
        pytest.param(RECEIVED + b"\n", id="an eighth line"),
        pytest.param(RECEIVED.replace(b"\n", b"\r\n"), id="carriage returns"),
        pytest.param(b"\xef\xbb\xbf" + RECEIVED, id="a byte order mark"),
        pytest.param(swapped(0, "dauys/entry@v2"), id="another version"),
        pytest.param(swapped(1, "praised"), id="a kind not on the list"),
        pytest.param(swapped(1, "Received"), id="a capital"),
        pytest.param(swapped(1, "tick"), id="a tick with a case and a day"),
        pytest.param(swapped(2, "-"), id="received without a case"),
        pytest.param(swapped(2, "AAECAwQFBgcICQoLDA0O"), id="a short case"),
        pytest.param(swapped(2, "AAECAwQFBgcICQoLDA0ODx=="), id="stray bits in the case"),
        pytest.param(swapped(2, "AAECAwQFBgcICQoLDA0ODw"), id="a case without padding"),
        pytest.param(swapped(3, "20261122"), id="a day without hyphens"),
        pytest.param(swapped(3, "2026-W47-7"), id="a day by its week"),
        pytest.param(swapped(3, "2026-02-30"), id="a day that never comes"),
        pytest.param(swapped(3, "2026-11-22T10:00:00Z"), id="a time where a day belongs"),
        pytest.param(swapped(3, "-"), id="no day"),
        pytest.param(swapped(4, ""), id="an empty due day"),
        pytest.param(swapped(5, ""), id="an empty code"),
        pytest.param(swapped(5, "Web"), id="a capital in the code"),
        pytest.param(swapped(5, "a b"), id="a space in the code"),
        pytest.param(swapped(5, "я"), id="a Cyrillic code"),
        pytest.param(swapped(5, "x" * 33), id="a long code"),
        pytest.param(swapped(6, "AAAA"), id="a short commitment"),
        pytest.param(swapped(2, "A" * 300), id="beyond 255 bytes"),
        pytest.param(swapped(3, "2026-11-22", TICK), id="a tick with a day"),
        pytest.param(swapped(3, "2026-11-22T10:00:00+00:00", TICK), id="a tick with an offset"),
        pytest.param(swapped(3, "2026-11-22T10:00:00.5Z", TICK), id="a tick with a fraction"),
        pytest.param(swapped(3, "2026-11-22 10:00:00Z", TICK), id="a tick without its T"),
        pytest.param(swapped(3, "2026-11-22T10:00:00", TICK), id="a tick without its Z"),
        pytest.param(swapped(3, "2026-11-22T24:00:00Z", TICK), id="a tick at no hour"),
        pytest.param(swapped(4, "2026-11-22", TICK), id="a tick with a due day"),
        pytest.param(swapped(6, "A" * 43 + "=", TICK), id="a tick with a commitment"),
        pytest.param(swapped(1, "policy", TICK), id="a policy with a moment"),
        pytest.param(swapped(1, "policy", swapped(2, "-")), id="a policy with a due day"),
    ],
)
def test_a_leaf_may_not_say(data):
    with pytest.raises(LeafError):
        leaf.decode(data)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"case": None}, id="no case"),
        pytest.param({"case": b"short"}, id="a short case"),
        pytest.param({"kind": Kind.TICK}, id="a tick of a case"),
        pytest.param({"when": datetime(2026, 11, 22, tzinfo=UTC)}, id="a moment for a day"),
        pytest.param({"due_on": datetime(2026, 11, 22, tzinfo=UTC)}, id="a moment for the due day"),
        pytest.param({"code": "-"}, id="the absent code in words"),
        pytest.param({"code": ""}, id="an empty code"),
        pytest.param({"commitment": b""}, id="an empty commitment"),
        pytest.param({"kind": Kind.POLICY, "case": None}, id="a policy that commits to nothing"),
        pytest.param(
            {
                "kind": Kind.TICK,
                "case": None,
                "when": datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=5))),
            },
            id="a tick in local time",
        ),
    ],
)
def test_an_impossible_leaf_cannot_be_made(given):
    with pytest.raises(LeafError):
        Leaf(**{"kind": Kind.RECEIVED, "case": CASE, "when": DAY} | given)


hashes = st.binary(min_size=32, max_size=32)
codes = st.from_regex(r"[a-z0-9._-]{1,32}", fullmatch=True).filter(lambda code: code != "-")
cases = st.builds(
    Leaf,
    st.sampled_from([kind for kind in Kind if kind not in WITHOUT_CASE]),
    st.binary(min_size=16, max_size=16),
    st.dates(),
    st.none() | st.dates(),
    st.none() | codes,
    st.none() | hashes,
)
policies = st.builds(Leaf, st.just(Kind.POLICY), st.none(), st.dates(), st.none(), st.none() | codes, hashes)
moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
ticks = st.builds(Leaf, st.just(Kind.TICK), st.none(), moments, st.none(), st.none() | codes)


@given(cases | policies | ticks)
def test_every_leaf_is_read_back(entry):
    data = entry.encode()
    assert leaf.decode(data) == entry
    assert len(data) <= 255
    assert data.count(b"\n") == 7


@given(st.binary(max_size=40), st.integers(0, 160), st.integers(0, 160))
def test_any_bytes_are_a_leaf_or_refused(garbage, start, end):
    data = RECEIVED[:start] + garbage + RECEIVED[end:]
    try:
        entry = leaf.decode(data)
    except LeafError:
        return
    assert entry.encode() == data


FIELDS = {"text": "Жолды жөндеңіз".encode(), "applicant": b"A. B.", "attachment.1": bytes(32)}


def counting():
    numbers = itertools.count()
    return lambda length: next(numbers).to_bytes(length, "big")


def test_a_commitment_is_what_the_design_says():
    salts = fresh_salts(FIELDS, counting())
    lines = []
    for name, value in FIELDS.items():
        inner = sha256(b"field\0" + name.encode() + b"\0" + salts[name] + value).digest()
        lines.append(name.encode() + b" " + base64.b64encode(inner) + b"\n")
    assert commitment(FIELDS, salts) == sha256(b"dauys/commit@v1\n" + b"".join(sorted(lines))).digest()
    assert lines == [field_line(name, FIELDS[name], salts[name]) for name in FIELDS]


def test_the_order_of_fields_means_nothing():
    salts = fresh_salts(FIELDS, counting())
    assert commitment(FIELDS, salts) == commitment(dict(reversed(FIELDS.items())), salts)


@pytest.mark.parametrize("shown", [part for n in range(4) for part in itertools.combinations(FIELDS, n)])
def test_hidden_fields_leave_the_commitment_as_it_was(shown):
    salts = fresh_salts(FIELDS, counting())
    hidden = {name: field_hash(name, FIELDS[name], salts[name]) for name in FIELDS if name not in shown}
    part = {name: FIELDS[name] for name in shown}, {name: salts[name] for name in shown}
    assert commitment(*part, hidden=hidden) == commitment(FIELDS, salts)


def test_the_salt_the_name_and_the_value_all_count():
    one = commitment({"text": b"a"}, {"text": bytes(32)})
    assert one != commitment({"text": b"b"}, {"text": bytes(32)})
    assert one != commitment({"note": b"a"}, {"note": bytes(32)})
    assert one != commitment({"text": b"a"}, {"text": b"s" * 32})


@pytest.mark.parametrize(
    ("fields", "salts", "hidden"),
    [
        pytest.param({}, {}, {}, id="no field"),
        pytest.param({"text": b""}, {}, {}, id="no salt"),
        pytest.param({}, {"text": bytes(32)}, {"name": bytes(32)}, id="a salt too many"),
        pytest.param({"text": b""}, {"text": bytes(31)}, {}, id="a short salt"),
        pytest.param({"a b": b""}, {"a b": bytes(32)}, {}, id="a space in a name"),
        pytest.param({"a\n": b""}, {"a\n": bytes(32)}, {}, id="a newline in a name"),
        pytest.param({"": b""}, {"": bytes(32)}, {}, id="no name"),
        pytest.param({"text": b""}, {"text": bytes(32)}, {"text": bytes(32)}, id="shown and hidden"),
        pytest.param({}, {}, {"text": b"short"}, id="a short hidden hash"),
        pytest.param({}, {}, {"я": bytes(32)}, id="a hidden name beyond ASCII"),
    ],
)
def test_what_commits_to_nothing_is_refused(fields, salts, hidden):
    with pytest.raises(CommitmentError):
        commitment(fields, salts, hidden=hidden)
