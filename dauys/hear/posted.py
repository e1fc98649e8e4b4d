"""Reading what a browser sent, whatever it is: too much, cut off, stale or simply wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from dauys.hear import files
from dauys.hear.submission import FILES_MOST, Refused

TOGETHER_MOST = 60 * files.MEGABYTE
"""Bytes of all files of one form: they stand in memory together once, when it is filed."""

ARRIVES_MOST = 2 * FILES_MOST * files.SIZE_MOST
"""Whoever sends more at once is cut off."""


class Unreadable(Exception):
    """Nothing of the form could be read. `code`: too_big, too_many_files, broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields, the files as they lie on the disk, what is wrong with others; whether the form is stale."""

    fields: QueryDict
    chosen: tuple[Any, ...] = ()
    refused: tuple[Refused, ...] = ()
    is_stale: bool = False


@dataclass
class _Limit(FileUploadHandler):
    """Lets a file go as soon as it is too large, so that the words beside it are still read."""

    request: HttpRequest | None = None
    skipped: list[str] = field(default_factory=list)
    seen: int = 0

    def __post_init__(self) -> None:
        super().__init__(self.request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > ARRIVES_MOST:
            raise StopUpload(connection_reset=True)
        if start + len(raw_data) > files.SIZE_MOST:
            self.skipped.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def tolerant(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view asks `read` whether the form is stale, and gives the typed words back instead of a refusal."""
    return csrf_exempt(wraps(view)(view))


def read(request: HttpRequest) -> Posted:
    """Raises Unreadable."""
    limit = _Limit(request)
    request.upload_handlers.insert(0, limit)
    try:
        fields, chosen = request.POST, request.FILES.getlist("attached")
    except TooManyFilesSent:
        raise Unreadable("too_many_files") from None
    except RequestDataTooBig:
        raise Unreadable("too_big") from None
    except (SuspiciousOperation, MultiPartParserError, BadRequest, UnreadablePostError):
        raise Unreadable("broken") from None
    refused = [
        Refused("files", "too_large", name=name, most=files.SIZE_MOST // files.MEGABYTE) for name in limit.skipped
    ]
    if limit.seen > ARRIVES_MOST:
        refused.append(Refused("files", "too_much", most=TOGETHER_MOST // files.MEGABYTE))
    return Posted(fields, tuple(chosen), tuple(refused), _is_stale(request))


def _is_stale(request: HttpRequest) -> bool:
    """Django's own check of the form's CSRF token, as an answer instead of a refusal."""
    check: Any = _Csrf(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {}) is not None
