"""A small load generator: so many connections, each sending its next request when the last was answered."""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came of it. `latencies` in seconds; `statuses` counts each HTTP status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    locations: list[str] = field(default_factory=list)
    broken: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bytes | None:
        """The head of the answer once all of it has come, else None."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError
        self.received += piece
        head, gap, body = self.received.partition(b"\r\n\r\n")
        if not gap:
            return None
        for line in head.split(b"\r\n")[1:]:
            name, _colon, value = line.partition(b":")
            if name.lower() == b"content-length":
                return head if len(body) >= int(value) else None
        return head


def drive(requests: Iterator[bytes], *, port: int, connections: int, seconds: float) -> Load:
    """Send requests on loopback until the time is up or there are none left; every answer is awaited."""
    load = Load()
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        one = _Connection(port)
        selector.register(one.socket, selectors.EVENT_READ, one)
        one.send(next(requests))
    begun = time.perf_counter()
    open_ones = connections
    while open_ones:
        for key, _events in selector.select(5):
            one = key.data
            try:
                head = one.read()
            except ConnectionError:
                load.broken += 1
                selector.unregister(one.socket)
                open_ones -= 1
                continue
            if head is None:
                continue
            now = time.perf_counter()
            load.latencies.append(now - one.sent_at)
            status = int(head[9:12])
            load.statuses[status] = load.statuses.get(status, 0) + 1
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"location:"):
                    load.locations.append(line[9:].strip().decode())
            following = next(requests, None) if now - begun < seconds else None
            if following is None:
                selector.unregister(one.socket)
                one.socket.close()
                open_ones -= 1
            else:
                one.send(following)
    load.seconds = time.perf_counter() - begun
    return load
