"""A mail server of our own, on a port of this machine, that does what a story asks of it."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Office:
    """`says` is what the server answers at a step of a letter (RCPT, DATA); everything else is taken and kept."""

    port: int
    says: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, said: list[str]) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return said

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if "MAIL" in self.says:
            return self.says["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.says.get(address, self.says.get("RCPT", ""))
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "DATA" in self.says:
            return self.says["DATA"]
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if self.says.get("after") == "hang up":
            server.transport.abort()
        return "250 2.0.0 taken"

    @property
    def letters(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[misc]
            for _sender, _to, content in self.taken
        ]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def opened(office: Office, **more: Any) -> Iterator[Office]:
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **more)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return part.get_content() if part is not None else ""


def html(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    return part.get_content() if part is not None else ""
