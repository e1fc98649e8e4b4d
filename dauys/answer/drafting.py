"""A drafting machine that the institution runs itself: any server that speaks the OpenAI chat completions protocol.

Off until an administrator names one (DAUYS_DRAFTING_URL). Only the named host is spoken to, without proxies and without
following redirects. Personal data is replaced by signs before anything leaves and put back afterwards; what comes back
is nothing but text for a draft.
"""

import http.client
import itertools
import json
import re
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from dauys.answer import suggesting
from dauys.engines import personal
from dauys.hear.submission import Contact, storable

REPLY_BYTES = 256 * 1024
DRAFT_MOST = 12_000
"""Characters of a draft: a longer one is no letter."""

AT_ONCE = 2
"""Drafts being made at one time: a slow machine must not hold the threads that take appeals in."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it is (without `/chat/completions`), which of its models writes, and the key it asks for, if any."""

    url: str
    model: str
    key: str
    seconds: float

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


class Misconfigured(Exception):
    """The setting `name` cannot be used; `remedy` says what it must be."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name, self.remedy = name, remedy


class NoDraft(Exception):
    """The machine gave none; `why` is one of REASONS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


REASONS = ("unreachable", "late", "refused", "garbled", "long", "empty", "busy")


def machine() -> Machine | None:
    """The machine as settings name it; None where drafting is off. Raises Misconfigured."""
    url = settings.DRAFTING_URL.strip().rstrip("/")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        sound = False
    if not sound:
        raise Misconfigured("DAUYS_DRAFTING_URL", "an address such as http://10.0.0.5:8000/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Misconfigured("DAUYS_DRAFTING_URL", "an address without a name, a password, ? or #")
    if not settings.DRAFTING_MODEL:
        raise Misconfigured("DAUYS_DRAFTING_MODEL", "the name of a model that this server has")
    return Machine(url, settings.DRAFTING_MODEL, _key(), _seconds())


def is_on() -> bool:
    """Whether a machine is named and its settings can be used."""
    try:
        return machine() is not None
    except Misconfigured:
        return False


def _key() -> str:
    if not settings.DRAFTING_KEY_FILE:
        return ""
    try:
        key = Path(settings.DRAFTING_KEY_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise Misconfigured("DAUYS_DRAFTING_KEY_FILE", "a file this service can read, with the key alone") from None
    if not key or not key.isprintable() or " " in key:
        raise Misconfigured("DAUYS_DRAFTING_KEY_FILE", "a file with one key on one line")
    return key


def _seconds() -> float:
    try:
        seconds = float(settings.DRAFTING_SECONDS)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 300:
        raise Misconfigured("DAUYS_DRAFTING_SECONDS", "a number of seconds from 1 to 300")
    return seconds


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("dauys.answer") / "data" / "drafting.toml").read_text(encoding="utf-8"))


def unread(language: str) -> str:
    """The line above a machine's words that holds an answer back until a person has taken it out."""
    words = _table()["unread"]
    return str(words.get(language) or words["ru"])


class Veil:
    """Hides personal data behind signs such as [NAME-1], and puts it back.

    Every hidden piece has a sign of its own as it is written, so what comes back is put back letter for letter. More is
    hidden than must be (each unusual word with a capital, each long number): it costs nothing, for all of it returns.
    """

    def __init__(self, contact: Contact | None = None) -> None:
        """`contact`: the applicant's, hidden wherever its words turn up."""
        self._known = list(_of_contact(contact)) if contact else []
        self._signs: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def hide(self, *texts: str) -> list[str]:
        """The texts with signs in place of personal data; the same piece has the same sign in all of them."""
        # A sign that a citizen wrote with their own hand must not turn into somebody's name.
        for text in texts:
            self._taken |= {sign.upper() for sign in _SIGN.findall(text)}
        return [self._hidden(text) for text in texts]

    def restore(self, text: str) -> str:
        """The text with each of our signs replaced by what it stood for; any other sign stays, and holds the answer."""
        said = {sign: piece for (_kind, piece), sign in self._signs.items()}
        return _SIGN.sub(lambda found: said.get(found.group(), found.group()), text)

    def _hidden(self, text: str) -> str:
        spans = personal.apart(
            [*personal.find(text), *_shouted(text), *self._of_contact(text), *_addresses(text), *self._unusual(text)]
        )
        parts, at = [], 0
        for start, end, kind in _joined(text, spans):
            parts += [text[at:start], self._sign(kind, text[start:end])]
            at = end
        return "".join([*parts, text[at:]])

    def _sign(self, kind: str, piece: str) -> str:
        if (kind, piece) not in self._signs:
            number = 1 + sum(known == kind for known, _piece in self._signs)
            while f"[{kind.upper()}-{number}]" in self._taken:
                number += 1
            sign = f"[{kind.upper()}-{number}]"
            self._taken.add(sign)
            self._signs[kind, piece] = sign
        return self._signs[kind, piece]

    def _of_contact(self, text: str) -> Iterable[personal.Span]:
        for pattern, kind in self._known:
            for found in pattern.finditer(text):
                yield personal.Span(*found.span(), kind, 1.0, "contact")

    def _unusual(self, text: str) -> Iterable[personal.Span]:
        words = [found for found in _WORD.finditer(text) if not any(letter.isdigit() for letter in found.group())]
        for found, after in itertools.zip_longest(words, words[1:]):
            if not _is_capital(found.group()):
                continue
            before = text[max(0, found.start() - 12) : found.start()]
            begins = _BEGINS.search(before) is not None and _SHORTENED.search(before) is None
            # The first word of a sentence has a capital anyway; with another capital after it, it may be a name.
            is_followed = after is not None and _is_capital(after.group()) and text[found.end() : after.start()] == " "
            if not begins or is_followed:
                yield personal.Span(found.start(), found.end(), "name", 0.1, "capital")
        for found in _LONG_NUMBER.finditer(text):
            yield personal.Span(*found.span(), "account", 0.1, "long number")


def _is_capital(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _joined(text: str, spans: Iterable[personal.Span]) -> list[tuple[int, int, str]]:
    """(start, end, kind): finds of one kind with only spaces and commas between are one."""
    pieces: list[tuple[int, int, str]] = []
    for span in spans:
        if pieces and pieces[-1][2] == span.kind and not text[pieces[-1][1] : span.start].strip(" ,"):
            pieces[-1] = (pieces[-1][0], span.end, span.kind)
        else:
            pieces.append((span.start, span.end, span.kind))
    return pieces


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SIGN = re.compile(r"\[[A-Za-z]+-\d+\]")
_BEGINS = re.compile(r"(?:^|[.!?…\n]['\"»)]*)\s*['\"«(–-]*\s*$")
_SHORTENED = re.compile(r"(?:^|\W)[^\W\d_]{1,3}\.\s*$")
_LONG_NUMBER = re.compile(r"\d(?:[\s()–-]{0,2}\d){4,}")


def _of_contact(contact: Contact) -> Iterable[tuple[re.Pattern[str], str]]:
    """Patterns for what the applicant said of themselves, in any case a language bends it into."""
    for word in _WORD.findall(contact.name):
        if len(word) == 2:
            yield re.compile(rf"\b{re.escape(word)}\b"), "name"
        elif len(word) > 2:
            yield re.compile(rf"\b{re.escape(word[: max(3, len(word) - 2)])}[^\W\d_]*", re.IGNORECASE), "name"
    digits = re.sub(r"\D", "", contact.phone)[-10:]
    if len(digits) >= 6:
        yield re.compile(r"\+?(?:\d\D{0,3})?" + r"\D{0,3}".join(digits)), "phone"
    if contact.email:
        yield re.compile(re.escape(contact.email), re.IGNORECASE), "email"
    for word in _WORD.findall(contact.address):
        if word.isdigit():
            yield re.compile(rf"\b{word}\b"), "address"
        elif len(word) > 3:
            yield re.compile(rf"\b{re.escape(word[: max(4, len(word) - 2)])}\w*", re.IGNORECASE), "address"


def _shouted(text: str) -> Iterable[personal.Span]:
    """Names in a text of capitals alone, where nothing tells them from other words: read as if it were not shouted."""
    quiet = _WORD.sub(lambda word: word.group().title() if word.group().isupper() else word.group(), text)
    if quiet != text and len(quiet) == len(text):  # a few letters have no capital of their own length
        yield from personal.find(quiet)


def _addresses(text: str) -> Iterable[personal.Span]:
    for fact in suggesting.facts(text):
        if fact.kind == "address":
            yield personal.Span(fact.start, fact.end, "address", 0.3, "street")


def messages(*, language: str, law: str, complaint: str, template: str, appeal: str) -> list[dict[str, str]]:
    """What is sent: the rules, then the law, the template and the appeal as material. Give them hidden already."""
    told = {"law": law or "-", "complaint": complaint or "-", "template": template or "-", "appeal": appeal}
    name = _table()["language"].get(language, "Russian")
    return [
        {"role": "system", "content": _table()["system"].strip().replace("{language}", name)},
        {"role": "user", "content": _filled(_table()["user"].strip(), told)},
    ]


def _filled(text: str, told: Mapping[str, str]) -> str:
    """In one pass, so that braces in a citizen's words are words."""
    return re.sub(r"\{(\w+)\}", lambda found: told.get(found[1], found.group()), text)


_free = threading.BoundedSemaphore(AT_ONCE)


def ask(of: Machine, said: list[dict[str, str]]) -> str:
    """The letter the machine writes to these messages, cleaned; nothing in it is anything but text. Raises NoDraft."""
    if not _free.acquire(blocking=False):
        raise NoDraft("busy")
    try:
        return _clean(_content(_fetched(of, said)))
    finally:
        _free.release()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Another address is another host, and only one was named."""

    def redirect_request(self, *_args: Any, **_told: Any) -> None:
        return None


def _fetched(of: Machine, said: list[dict[str, str]]) -> bytes:
    body = json.dumps({"model": of.model, "messages": said, "temperature": 0.2, "stream": False}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if of.key:
        headers["Authorization"] = f"Bearer {of.key}"
    request = urllib.request.Request(f"{of.url}/chat/completions", body, headers)  # noqa: S310  # checked in `machine`
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    until = time.monotonic() + of.seconds
    try:
        with opener.open(request, timeout=of.seconds) as reply:
            return _read(reply, until)
    except TimeoutError:
        raise NoDraft("late") from None
    except urllib.error.HTTPError:
        raise NoDraft("refused") from None
    except urllib.error.URLError as failure:
        raise NoDraft("late" if isinstance(failure.reason, TimeoutError) else "unreachable") from None
    except (OSError, http.client.HTTPException):
        raise NoDraft("unreachable") from None


def _read(reply: http.client.HTTPResponse, until: float) -> bytes:
    """The whole reply, if it comes in time: a server that drips would keep each single read alive for ever."""
    got = bytearray()
    while piece := reply.read1(16 * 1024):
        got += piece
        if len(got) > REPLY_BYTES:
            raise NoDraft("long")
        if time.monotonic() > until:
            raise NoDraft("late")
    return bytes(got)


def _content(reply: bytes) -> str:
    try:
        content = json.loads(reply)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NoDraft("garbled") from None
    if not isinstance(content, str):
        raise NoDraft("garbled")
    return content


_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _clean(content: str) -> str:
    text = storable(_CONTROL.sub("", _THOUGHT.sub("", content.replace("\r\n", "\n")))).strip()
    if len(text) > DRAFT_MOST:
        raise NoDraft("long")
    if not any(letter.isalpha() for letter in text):
        raise NoDraft("empty")
    return text
