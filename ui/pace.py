"""How often one client may ask: a bucket of tokens for each."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

MAX_CLIENTS = 1024
"""Clients kept in mind; the one that was silent longest is forgotten first."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float
    """When it was last filled, in seconds of the caller's clock."""


class Pace:
    """A token bucket for each client: `burst` requests at once, then `per_second` of them.

    (J. Turner, New Directions in Communications, IEEE Communications Magazine, 1986: the leaky
    bucket as a meter.)
    """

    def __init__(self, *, per_second: float, burst: int) -> None:
        """Every client begins with a full bucket.

        Args:
            per_second: Tokens that flow in, at most up to the burst.
            burst: Tokens that a bucket holds.
        """
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._turn = threading.Lock()

    def wait_seconds(self, client: str, now: float) -> int:
        """Takes a token; 0, or the whole seconds until there is one again.

        >>> pace = Pace(per_second=1, burst=2)
        >>> [pace.wait_seconds("a", 0.0) for _ in range(3)], pace.wait_seconds("a", 1.0)
        ([0, 0, 1], 0)
        """
        with self._turn:
            bucket = self._buckets.setdefault(client, _Bucket(float(self._burst), now))
            self._buckets.move_to_end(client)
            if len(self._buckets) > MAX_CLIENTS:
                self._buckets.popitem(last=False)
            flowed = (now - bucket.filled) * self._per_second
            bucket.tokens, bucket.filled = min(self._burst, bucket.tokens + flowed), now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return math.ceil((1 - bucket.tokens) / self._per_second)
