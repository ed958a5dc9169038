"""The body of a request, once its client may ask at all: not too often, and in JSON."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request

from ui.pace import Pace
from ui.serve.problems import refuse, retry_later

BODY_SECONDS = 10.0
"""A body that takes longer to arrive is not waited for."""


async def body_of(request: Request, pace: Pace) -> bytes:
    """The whole body.

    Raises:
        RefusedError: It is of another type, too slow, or the client asks too often.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        words = f"The body is {media[:100] or 'of no type'}; send Content-Type: application/json"
        raise refuse(415, "media_type", words)
    # All clients here have one address; those that send a key are told apart by it.
    address = request.client.host if request.client else ""
    client = f"{address} {request.headers.get('authorization', '')}"
    if seconds := pace.wait_seconds(client, time.monotonic()):
        words = f"Too many requests from one client; try again in {seconds} s"
        raise retry_later(429, "rate_limited", words, seconds)
    try:
        return await asyncio.wait_for(request.body(), BODY_SECONDS)
    except TimeoutError as error:
        raise refuse(408, "slow_body", "The body did not arrive in time") from error
