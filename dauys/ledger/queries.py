"""What the ledger holds, and proofs of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dauys.ledger.core import leaf as leaves
from dauys.ledger.core import receipt, tiles
from dauys.ledger.core.leaf import Kind
from dauys.ledger.core.tree import HASH_LENGTH, ProofError
from dauys.ledger.models import Checkpoint, Entry, Tile

KINDS: Mapping[str, Promise] = {
    Kind.RECEIVED: gettext_lazy("An appeal was received"),
    Kind.ACCEPTED: gettext_lazy("The appeal was accepted and an answer promised"),
    Kind.FORWARDED: gettext_lazy("The appeal was passed to another office"),
    Kind.EXTENDED: gettext_lazy("The term of the answer was extended"),
    Kind.ANSWERED: gettext_lazy("The appeal was answered"),
    Kind.REFUSED: gettext_lazy("The appeal was refused"),
    Kind.REOPENED: gettext_lazy("The appeal was opened again"),
    Kind.WITHDRAWN: gettext_lazy("The appeal was withdrawn"),
    Kind.ERASED: gettext_lazy("Personal data of the case was erased"),
    Kind.AMENDED: gettext_lazy("The case was amended"),
    Kind.POLICY: gettext_lazy("Rules were published"),
    Kind.TICK: gettext_lazy("The ledger marked the time"),
}
"""What an entry says has happened, in the reader's words."""


class NotSealed(Exception):
    """The entry stands in the database and will enter the tree with the next sealing; its proof follows."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest signed head."""

    size: int
    root: bytes
    note: str
    at: datetime

    @property
    def hex(self) -> str:
        """The root as it is compared by programs."""
        return self.root.hex()

    @property
    def short(self) -> str:
        """Eight characters for a first look. A forger can match so few: only the whole root decides."""
        return self.hex[:8]


def read_tile(level: int, index: int) -> bytes:
    """The hashes of one tile; empty where there is none."""
    found = Tile.objects.filter(level=level, position=index).values_list("hashes", flat=True).first()
    return bytes(found) if found is not None else b""


def sealed_size() -> int:
    """How many leaves the tree has."""
    highest: int | None = Entry.objects.aggregate(top=Max("leaf_index"))["top"]
    return 0 if highest is None else highest + 1


def head() -> Head | None:
    found = Checkpoint.objects.order_by("-size").values_list("size", "root", "note", "at").first()
    return Head(found[0], bytes(found[1]), found[2], found[3]) if found else None


def published(path: str) -> bytes | None:
    """The tile or bundle of entries at this C2SP path; None where the newest head covers no such thing."""
    try:
        tile, width = tiles.parse_tile_path(path)
        newest = head()
        whole = tiles.tile_width(tile.level or 0, tile.index, newest.size) if newest else 0
    except ProofError:
        return None
    if width > whole:
        return None
    if tile.level is not None:
        return read_tile(tile.level, tile.index)[: width * HASH_LENGTH]
    first = tile.index * tiles.WIDTH
    leaves_in_order = (
        Entry.objects.filter(leaf_index__gte=first, leaf_index__lt=first + width)
        .order_by("leaf_index")
        .values_list("leaf", flat=True)
    )
    return tiles.encode_bundle([(text or "").encode("ascii") for text in leaves_in_order])


def entries_of(case: str) -> list[Entry]:
    """Everything written down about one case, first to last, with who did it."""
    return list(Entry.objects.filter(case=case).select_related("actor").order_by("id"))


def acts_of(cases: Collection[str], verbs: Collection[str]) -> dict[str, list[Entry]]:
    """The entries of these verbs about each of these cases, first to last; one statement."""
    found: dict[str, list[Entry]] = {}
    for entry in Entry.objects.filter(case__in=cases, verb__in=verbs).order_by("id"):
        found.setdefault(entry.case, []).append(entry)
    return found


def newest_entry() -> int:
    """The number of the newest entry, 0 before the first. The pen lets entries become visible in this order."""
    return Entry.objects.aggregate(newest=Max("id"))["newest"] or 0


def acts_between(entry: int, through: int, *, verb: str) -> list[Entry]:
    """The entries of one verb after one number, up to another; the caller keeps the span short."""
    return list(Entry.objects.filter(id__gt=entry, id__lte=through, verb=verb).order_by("id"))


def cases_after(entry: int, *, through: int) -> set[str]:
    """The cases that the entries after one number, up to another, speak of."""
    return set(Entry.objects.filter(id__gt=entry, id__lte=through).values_list("case", flat=True))


def public_entries_of(case: str) -> list[Entry]:
    """The public part of a case's history."""
    return list(Entry.objects.filter(case=case, leaf__isnull=False).order_by("id"))


def receipt_of(entry: Entry, *, fields: Mapping[str, bytes], salts: Mapping[str, bytes]) -> bytes:
    """The citizen's proof (C2SP tlog-proof) that this entry is under the newest head. Raises NotSealed."""
    newest = head()
    if entry.leaf is None or entry.leaf_index is None or newest is None or newest.size <= entry.leaf_index:
        raise NotSealed
    return receipt.build(
        receipt.Receipt(
            leaf=leaves.decode(entry.leaf.encode("ascii")),
            index=entry.leaf_index,
            proof=tuple(tiles.inclusion_proof(read_tile, entry.leaf_index, newest.size)),
            head=newest.note.encode(),
            fields=fields,
            salts=salts,
        )
    )
