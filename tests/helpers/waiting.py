"""The time limit of every wait in the tests.

A wait ends when its condition holds, so a limit for a heavily loaded machine costs time only where a test fails.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

WAIT_SECONDS: Final = 60.0


def until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds."""
    give_up = time.perf_counter() + WAIT_SECONDS
    while not condition():
        assert time.perf_counter() < give_up, "the condition never held"
        time.sleep(0.002)


async def poll(condition: Callable[[], object]) -> None:
    """Wait on the running loop until the condition holds."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not condition():
            await asyncio.sleep(0.002)
