"""The institution's own mail server, and handing one letter over to it: who refused, and whether it is known at all."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

SECONDS_MOST = 30.0
"""For any one answer of the server."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


class Misconfigured(Exception):
    """A setting is wrong: `setting` names it, `remedy` says what to write."""

    def __init__(self, setting: str, remedy: str) -> None:
        super().__init__(f"{setting}: {remedy}")
        self.setting, self.remedy = setting, remedy


class Unreachable(Exception):
    """The server cannot be used now, for any letter. `why` names no address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Later(Exception):
    """This letter was not taken this time (4xx). `why` is the server's code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoSuchAddress(Exception):
    """The server knows that nobody can be reached there (5xx to the recipient)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Rejected(Exception):
    """The server will never take this letter (5xx to its content)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unknown(Exception):
    """The whole letter was given to the server and no answer came: it may be on its way."""


@dataclass(frozen=True, slots=True)
class Server:
    """`security`: `tls` from the first byte, `starttls`, or `none` on this very machine."""

    host: str
    port: int
    security: str
    user: str
    password_file: str
    sender: str
    bounces: str
    ca: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    def envelope(self, mark: str) -> str:
        """Who the server is told has sent it, so that what comes back names its letter."""
        address = self.bounces or self.sender
        name, _at, host = address.rpartition("@")
        return f"{name}{mark}@{host}" if name.endswith("+") else address


def configured() -> Server | None:
    """The mail server of this installation; None where mail is off. Raises Misconfigured."""
    if not settings.MAIL_URL:
        return None
    url = urlsplit(settings.MAIL_URL)
    example = "Write it as smtp://user@mail.example.org:587 or smtps://user@mail.example.org:465"
    try:
        port = url.port
    except ValueError:
        raise Misconfigured("DAUYS_EMAIL_URL", example) from None
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise Misconfigured("DAUYS_EMAIL_URL", example)
    if url.password:
        raise Misconfigured("DAUYS_EMAIL_URL", "Put the password into a file and name it in DAUYS_EMAIL_PASSWORD_FILE")
    if url.query not in {"", "tls=none"}:
        raise Misconfigured("DAUYS_EMAIL_URL", "After the question mark only tls=none is known")
    security = "tls" if url.scheme == "smtps" else "none" if url.query else "starttls"
    if security == "none" and url.hostname not in LOOPBACK:
        raise Misconfigured("DAUYS_EMAIL_URL", "Without TLS letters go to a server on this machine only")
    for name, value in (("DAUYS_EMAIL_FROM", settings.MAIL_FROM), ("DAUYS_EMAIL_BOUNCES", settings.MAIL_BOUNCES)):
        if (value or name == "DAUYS_EMAIL_FROM") and not (_ADDRESS.fullmatch(value) and value.isascii()):
            raise Misconfigured(name, "Write an address, as name@example.org")
    if urlsplit(settings.SITE).scheme not in {"http", "https"} or not urlsplit(settings.SITE).hostname:
        raise Misconfigured("DAUYS_SITE", "Write where this site is reached, as https://dauys.example.org")
    for name, path in (
        ("DAUYS_EMAIL_PASSWORD_FILE", settings.MAIL_PASSWORD_FILE),
        ("DAUYS_EMAIL_CA", settings.MAIL_CA),
    ):
        if path and not Path(path).is_file():
            raise Misconfigured(name, "This file cannot be found")
    return Server(
        host=url.hostname,
        port=port or (465 if security == "tls" else 587),
        security=security,
        user=unquote(url.username or ""),
        password_file=settings.MAIL_PASSWORD_FILE,
        sender=settings.MAIL_FROM,
        bounces=settings.MAIL_BOUNCES,
        ca=settings.MAIL_CA,
    )


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """One connection, for a whole batch. Raises Unreachable."""
    try:
        smtp = _open(server)
    except smtplib.SMTPResponseException as refusal:
        raise Unreachable(said(refusal.smtp_code, refusal.smtp_error)) from None
    except (OSError, smtplib.SMTPException, ValueError) as failure:
        # An error's own words may name hosts and people; its kind says enough.
        raise Unreachable(type(failure).__name__) from None
    try:
        yield smtp
    finally:
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()


def _open(server: Server) -> smtplib.SMTP:
    smtp: smtplib.SMTP
    if server.security == "tls":
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS_MOST, context=_context(server))
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS_MOST)
    try:
        if server.security == "starttls":
            smtp.starttls(context=_context(server))
        if server.user:
            smtp.login(server.user, _password(server))
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _context(server: Server) -> ssl.SSLContext:
    """Certificates are checked; `ca` names the authority of an institution that has its own."""
    return ssl.create_default_context(cafile=server.ca or None)


def _password(server: Server) -> str:
    return Path(server.password_file).read_text(encoding="utf-8").strip() if server.password_file else ""


def hand_over(smtp: smtplib.SMTP, *, envelope: str, to: str, letter: bytes) -> None:
    """Give one letter (lines end in CRLF) to the server; returned means taken.

    Raises Later, NoSuchAddress, Rejected: it was not taken. Unreachable: not taken, and the connection is of no more
    use. Unknown: the last byte was sent and nobody answered, so it must not be sent again by itself.
    """
    try:
        code, words = smtp.mail(envelope)
        if code != 250:
            # The sender is ours: every letter would be refused, so none is blamed.
            raise Unreachable(said(code, words))
        code, words = smtp.rcpt(to)
        if code not in (250, 251):
            smtp.rset()
            raise _refusal(code, words, NoSuchAddress)
        code, words = smtp.docmd("DATA")
        if code != 354:
            smtp.rset()
            raise _refusal(code, words, Rejected)
    except (OSError, smtplib.SMTPException) as failure:
        raise Unreachable(type(failure).__name__) from None
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", letter) + b".\r\n")
        code, words = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        raise Unknown from None
    if code != 250:
        raise _refusal(code, words, Rejected)


def _refusal(code: int, words: bytes, final: type[NoSuchAddress] | type[Rejected]) -> Exception:
    if code == 421:
        return Unreachable(said(code, words))
    return final(said(code, words)) if 500 <= code < 600 else Later(said(code, words))


_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")


def said(code: int, words: bytes | str) -> str:
    """The server's codes alone, `550 5.1.1`: its words often repeat the address."""
    found = _ENHANCED.match(words if isinstance(words, bytes) else words.encode("utf-8", "replace"))
    return f"{code} {found[1].decode()}" if found else str(code)
