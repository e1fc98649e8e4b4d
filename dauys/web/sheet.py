"""All parts in one stylesheet: on a slow line twenty-eight small requests cost more than the page itself.

Each part stays a file of its own; they are joined once a process, under an address made of their content, so that a
browser keeps the sheet for ever and a changed part is a new address.
"""

import functools
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).parent / "static" / "web"
SHEETS = [
    "frame",
    "nav",
    "language",
    "button",
    "field",
    "choice",
    "upload",
    "notice",
    "badge",
    "due",
    "card",
    "table",
    "pager",
    "tabs",
    "search",
    "thread",
    "steps",
    "figure",
    "chart",
    "map",
    "receipt",
    "empty",
    "progress",
    "keys",
    "confirm",
    "hero",
]
"""One stylesheet a part, in the order they are joined."""

_ADDRESS = re.compile(r'url\("\.\./([\w.-]+)"\)')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sheet:
    content: bytes
    zipped: bytes
    name: str


@functools.cache
def sheet() -> Sheet:
    """Tokens, base and parts as one, with the addresses of pictures made absolute."""
    files = [FOLDER / "tokens.css", FOLDER / "base.css", *(FOLDER / "parts" / f"{part}.css" for part in SHEETS)]
    joined = "\n".join(_COMMENT.sub("", file.read_text(encoding="utf-8")) for file in files)
    content = _ADDRESS.sub(lambda found: f'url("{static("web/" + found[1])}")', joined).encode()
    return Sheet(content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:16])


@require_safe
def parts(request: HttpRequest, name: str) -> HttpResponse:
    """The sheet under its own name; any other name is an address of yesterday."""
    known = sheet()
    if name != known.name:
        raise Http404
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(known.zipped if zipped else known.content, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response
