"""The ledger for everybody: its head, its key, its files, and a receipt checked on the spot."""

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.core.files.uploadhandler import MemoryFileUploadHandler as InMemory
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dauys.ledger import actions, queries
from dauys.ledger.core.receipt import LARGEST_RECEIPT, Flaw, Verified
from dauys.ledger.core.verify import MalformedProof, examine

YEAR = 365 * 24 * 3600

FIELDS = {
    "text": gettext_lazy("Words"),
    "applicant": gettext_lazy("Applicant"),
    "moment": gettext_lazy("Exact time"),
    "channel": gettext_lazy("Channel"),
    "kind": gettext_lazy("Kind of appeal"),
    "attachments": gettext_lazy("Attachments (SHA-256)"),
    "outcome": gettext_lazy("Outcome"),
    "office": gettext_lazy("Office"),
    "official": gettext_lazy("Officer’s number"),
    "solved": gettext_lazy("Solved, says the citizen"),
    "rating": gettext_lazy("Rating"),
    "words": gettext_lazy("The citizen’s words"),
}
FLAWS = {
    Flaw.FORMAT: gettext_lazy("This is not a receipt, or it is cut or changed."),
    Flaw.EXTRA: gettext_lazy("The part of the file that carries its contents cannot be read."),
    Flaw.LEAF: gettext_lazy("The line of the ledger in this file is not written as our lines are."),
    Flaw.HEAD: gettext_lazy(
        "The head in this file is not signed by our key: it was changed, or belongs to another ledger."
    ),
    Flaw.INCLUSION: gettext_lazy("The line in this file does not stand under its signed head."),
    Flaw.FIELDS: gettext_lazy("The words in this file are not those the ledger committed to."),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one file: proven, or a sentence why not."""

    proven: Verified | None = None
    kind: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@csrf_exempt  # checking a file changes nothing and asks nobody who they are; a token could only expire
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The ledger's page; a posted receipt is checked on it, kept in memory for that long and forgotten."""
    checked = _check(request) if request.method == "POST" else None
    return render(
        request,
        "ledger/home.html",
        {"head": queries.head(), "key": str(actions.verifier_key()), "checked": checked},
    )


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head, byte for byte (C2SP tlog-checkpoint)."""
    newest = queries.head()
    if newest is None:
        return _open(HttpResponse("Nothing has been sealed yet.\n", status=404, content_type="text/plain"))
    return _open(HttpResponse(newest.note, content_type="text/plain; charset=utf-8"), cache="no-cache")


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public key as the file that `dauys verify` looks for."""
    return _open(
        HttpResponse(f"{actions.verifier_key()}\n", content_type="text/plain; charset=utf-8"),
        cache="no-cache",
    )


@require_safe
def tile(request: HttpRequest, below: str) -> HttpResponse:
    """Hashes of the tree and bundles of entries (C2SP tlog-tiles). What has a path never changes again."""
    content = queries.published(f"tile/{below}")
    if content is None:
        return _open(HttpResponse("There is no such tile.\n", status=404, content_type="text/plain"))
    return _open(
        HttpResponse(content, content_type="application/octet-stream"),
        cache=f"public, max-age={YEAR}, immutable",
    )


def _open(response: HttpResponse, *, cache: str = "no-store") -> HttpResponse:
    """Let checkers on other sites read this: a page of this server proves nothing against this server."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = cache
    return response


class _SmallFilesOnly(FileUploadHandler):
    """Lets a file go as soon as it is larger than any receipt. Stands before the handler that keeps it."""

    was_large = False
    seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > LARGEST_RECEIPT:
            self.was_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _KeepInMemory(InMemory):
    """Never the disk: a receipt holds its owner's name and words."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        self.activated = True


def _check(request: HttpRequest) -> Checked:
    limit = _SmallFilesOnly(request)
    request.upload_handlers = [limit, _KeepInMemory(request)]
    try:
        sent = request.FILES.get("receipt")
    except UnreadablePostError:
        raise BadRequest("the connection was lost in the middle of the file") from None
    if limit.was_large:
        return Checked(problem=_("This file is larger than any receipt. Choose the file that ends in .tlog-proof."))
    if sent is None:
        return Checked(problem=_("No file was chosen. Choose your receipt, a file that ends in .tlog-proof."))
    report = examine(sent.read(), actions.verifier_key())
    if report.verified is not None:
        return _proven(report.verified)
    reason = report.failure.reason if isinstance(report.failure, MalformedProof) else None
    return Checked(problem=str(FLAWS[reason]) if isinstance(reason, Flaw) else _("This file proves nothing."))


def _proven(proven: Verified) -> Checked:
    fields = [(str(FIELDS.get(name, name)), _told(name, value)) for name, value in sorted(proven.fields.items())]
    return Checked(proven=proven, kind=str(queries.KINDS[proven.leaf.kind]), fields=tuple(fields))


def _told(name: str, value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    return _("not given") if name == "applicant" and text == "{}" else text
