"""How long a language model may take: the bounds of one question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds. Servers that stall were measured to hold a client's own timeouts off for ever."""

    connect: float = 5.0
    """Until a connection stands."""
    first: float = 20.0
    """From a request to the first token."""
    gap: float = 15.0
    """Between tokens. Lines that only keep a connection alive are none."""
    total: float = 90.0
    """For all requests of a question together."""
    pause: float = 0.5
    """Before a request is sent again, where the server does not say how long."""
    heartbeat: float = 0.2
    """Between the empty pieces that are given while nothing comes."""
