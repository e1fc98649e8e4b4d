"""What the public ledger says of one event: seven lines of a closed grammar, and nothing personal.

    dauys/entry@v1
    received                                      kind
    7kgGIlX3FBBDOJ/rh7neIQ==                      case: 16 random bytes; "-" for policy and tick
    2026-11-22                                    day in the institution's zone; tick: RFC 3339 second in UTC
    2026-12-14                                    day an answer is due, or "-"
    web                                           code: channel, outcome or ground, or "-"
    6GzIBrx3K9Mwux6Fb1daj4yOWcBUzaBHgF7grwYDoWQ=  commitment to the fields, or "-"

Text, so that a clerk, a journalist and a monitor of forty lines can all read it.
"""

import enum
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from .canonical import NotCanonical, decode_base64, encode_base64

FORMAT = "dauys/entry@v1"
LONGEST_LEAF = 255  # bytes
CASE_LENGTH = 16  # bytes
COMMITMENT_LENGTH = 32  # bytes

_CODE = re.compile(r"[a-z0-9._-]{1,32}", re.ASCII)
_ABSENT = "-"


class LeafError(Exception):
    """Not a leaf of this grammar: in a published ledger, an alarm."""


class Kind(enum.StrEnum):
    """What may happen. The list is closed: a new kind needs a new format name."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    FORWARDED = "forwarded"
    EXTENDED = "extended"
    ANSWERED = "answered"
    REFUSED = "refused"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    AMENDED = "amended"
    POLICY = "policy"
    TICK = "tick"


WITHOUT_CASE = frozenset({Kind.POLICY, Kind.TICK})


@dataclass(frozen=True)
class Leaf:
    """One event. An impossible leaf cannot be made: LeafError.

    `when` is a day, and for a tick a datetime in UTC without fractions of a second.
    """

    kind: Kind
    case: bytes | None
    when: date
    due_on: date | None = None
    code: str | None = None
    commitment: bytes | None = None

    def __post_init__(self) -> None:
        tick = self.kind is Kind.TICK
        if (self.case is None) != (self.kind in WITHOUT_CASE):
            raise LeafError("policy and tick belong to no case, every other kind to one")
        if self.case is not None and len(self.case) != CASE_LENGTH:
            raise LeafError(f"a case is {CASE_LENGTH} bytes")
        if isinstance(self.when, datetime) != tick or isinstance(self.due_on, datetime):
            raise LeafError("a tick has a moment, every other kind a day")
        if isinstance(self.when, datetime) and (self.when.tzinfo is not UTC or self.when.microsecond):
            raise LeafError("a tick is a whole second in UTC")
        if self.kind in WITHOUT_CASE and self.due_on is not None:
            raise LeafError("nothing is due without a case")
        if self.code is not None and (self.code == _ABSENT or not _CODE.fullmatch(self.code)):
            raise LeafError("a code is 1 to 32 of a-z, 0-9, dot, underscore and hyphen")
        if self.commitment is not None and len(self.commitment) != COMMITMENT_LENGTH:
            raise LeafError(f"a commitment is {COMMITMENT_LENGTH} bytes")
        if tick and self.commitment is not None:
            raise LeafError("a tick says nothing but the time")
        if self.kind is Kind.POLICY and self.commitment is None:
            raise LeafError("a policy commits to its rules")

    def encode(self) -> bytes:
        """The leaf's bytes: what is hashed into the tree and published."""
        lines = (
            FORMAT,
            self.kind.value,
            _written(self.case),
            _moment(self.when),
            self.due_on.isoformat() if self.due_on else _ABSENT,
            self.code or _ABSENT,
            _written(self.commitment),
        )
        return "".join(line + "\n" for line in lines).encode("ascii")


def decode(data: bytes) -> Leaf:
    """Read a leaf back; raises LeafError on any bytes that no leaf encodes to."""
    if len(data) > LONGEST_LEAF:
        raise LeafError(f"a leaf is at most {LONGEST_LEAF} bytes")
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise LeafError("a leaf is ASCII") from None
    if len(lines) != 8 or lines[0] != FORMAT or lines[7]:
        raise LeafError(f"a leaf is seven lines, the first {FORMAT}")
    _, kind_line, case, when, due_on, code, commitment, _ = lines
    try:
        kind = Kind(kind_line)
        leaf = Leaf(
            kind=kind,
            case=_read(case),
            when=_read_moment(when) if kind is Kind.TICK else date.fromisoformat(when),
            due_on=None if due_on == _ABSENT else date.fromisoformat(due_on),
            code=None if code == _ABSENT else code,
            commitment=_read(commitment),
        )
    except NotCanonical as error:
        raise LeafError(f"the case or commitment is {error}") from None
    except ValueError:
        raise LeafError("unknown kind, or not a day or moment") from None
    if leaf.encode() != data:  # the library also reads other spellings of a day
        raise LeafError("not the one spelling of this leaf")
    return leaf


def _written(value: bytes | None) -> str:
    return _ABSENT if value is None else encode_base64(value)


def _read(text: str) -> bytes | None:
    return None if text == _ABSENT else decode_base64(text)


def _moment(when: date) -> str:
    if isinstance(when, datetime):
        return when.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return when.isoformat()


def _read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
