"""A bucket of tries for each network, so that guessing is slow and nobody's address is kept.

Only failed tries are counted: behind one mobile address stand thousands of honest people. It lives in this
process's memory and fails open: when it is full the oldest network is forgotten. A code of 130 random bits
guards itself; the bucket only keeps guessing cheap for us.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest

NETWORKS_MOST = 20_000
_DAY = 86_400


class Bucket:
    """Holds `most` failures; one is forgiven every `seconds_each`."""

    def __init__(self, *, most: int, seconds_each: float) -> None:
        self.most, self.seconds_each = most, seconds_each
        self._guard = threading.Lock()
        self._failures: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._key, self._day = secrets.token_bytes(32), -1

    def wait(self, request: HttpRequest, *, at: float | None = None) -> int:
        """Seconds until this network may try again; 0 when it may now."""
        moment = time.monotonic() if at is None else at
        with self._guard:
            failures = self._left(self._name(request, moment), moment)
        over = failures - (self.most - 1)
        return math.ceil(round(over * self.seconds_each, 3)) if over > 0 else 0

    def failed(self, request: HttpRequest, *, at: float | None = None) -> None:
        moment = time.monotonic() if at is None else at
        with self._guard:
            name = self._name(request, moment)
            self._failures[name] = (self._left(name, moment) + 1, moment)
            self._failures.move_to_end(name)
            while len(self._failures) > NETWORKS_MOST:
                self._failures.popitem(last=False)

    def _left(self, name: bytes, moment: float) -> float:
        failures, since = self._failures.get(name, (0.0, moment))
        return max(0.0, failures - (moment - since) / self.seconds_each)

    def _name(self, request: HttpRequest, moment: float) -> bytes:
        """A digest of the network under a key of today: yesterday's visitors cannot be told from today's."""
        if self._day != (day := int(moment // _DAY)):
            self._key, self._day = secrets.token_bytes(32), day
            self._failures.clear()
        return hmac.digest(self._key, network(request).encode(), hashlib.sha256)


def network(request: HttpRequest) -> str:
    """The sender's /24 or /56. Behind TLS the nearest proxy's word is taken, which a sender cannot write."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE and (passed_on := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        address = passed_on.rsplit(",", 1)[-1].strip()
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 56), strict=False))
