"""What a channel hands over: one submission, checked and made storable, before anything is written."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from dauys.hear.models import Channel, Kind

TEXT_MOST = 20_000
PLACE_MOST = 300
FILES_MOST = 10
KINDS = frozenset(Kind.values)
CHANNELS = frozenset(Channel.values)

# NUL and the other control characters cannot be stored everywhere or shown anywhere; lone surrogates are not text.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_VISIBLE = re.compile(r"[^\W_]")


class Refused(Exception):
    """A submission cannot be taken as it is. `field` says which part, `code` why, `params` fill the sentence."""

    def __init__(self, field: str, code: str, **params: object) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.params = field, code, params


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the applicant. Sealed the moment it is taken; empty fields are allowed."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.email, self.address))

    def encode(self) -> bytes:
        known = {item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name)}
        return json.dumps(known, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def decode(cls, told: bytes) -> "Contact":
        return cls(**json.loads(told))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: a name for people, the sniffed type, the bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Submission:
    """One appeal on its way in. `token` is the channel's own name for this sending (form token, message id, row)."""

    channel: str
    token: str
    text: str
    kind: str = Kind.MESSAGE
    language: str = "ru"
    place: str = ""
    area_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    about_office_id: int | None = None
    contact: Contact = Contact()
    uploads: tuple[Upload, ...] = ()
    received_at: datetime | None = None
    taken_by_id: int | None = None
    taken_at_id: int | None = None
    imported_id: int | None = None
    labels: dict[str, object] | None = field(default=None, hash=False)

    def key(self, digests: Iterable[str] | None = None) -> str:
        """The same sending gives the same key; words changed after the back button give another.

        `digests` (SHA-256, hex) stand for uploads that are known but not opened.
        """
        told = (self.channel, self.token, self.text, self.kind, self.place, self.contact.encode().decode())
        digest = hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass"))
        for sha256 in (upload.sha256 for upload in self.uploads) if digests is None else digests:
            digest.update(sha256.encode())
        return digest.hexdigest()


def storable(text: str) -> str:
    """The same words without what no database and no screen can hold; line ends become one kind."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def check(submission: Submission) -> None:
    """Raise Refused for the first thing that must be mended; a page checks the same fields one by one."""
    text = storable(submission.text)
    if not _VISIBLE.search(text):
        raise Refused("text", "empty")
    if len(text) > TEXT_MOST:
        raise Refused("text", "too_long", length=len(text), most=TEXT_MOST)
    if len(submission.place) > PLACE_MOST:
        raise Refused("place", "too_long", length=len(submission.place), most=PLACE_MOST)
    if submission.kind not in KINDS:
        raise Refused("kind", "unknown", value=submission.kind[:40], choices=", ".join(Kind.values))
    if submission.channel not in CHANNELS:
        raise Refused("channel", "unknown", value=submission.channel[:40], choices=", ".join(Channel.values))
    if submission.language not in ("kk", "ru", "en"):
        raise Refused("language", "unknown", value=submission.language[:40], choices="kk, ru, en")
    if (submission.lat is None) != (submission.lon is None):
        raise Refused("point", "half")
    if not (-90 <= (submission.lat or 0) <= 90 and -180 <= (submission.lon or 0) <= 180):
        raise Refused("point", "off_the_map")
    if len(submission.uploads) > FILES_MOST:
        raise Refused("files", "too_many", count=len(submission.uploads), most=FILES_MOST)
    if not submission.token:
        raise Refused("token", "empty")
