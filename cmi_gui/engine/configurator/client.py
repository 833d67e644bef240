"""A master on a link, for code that awaits: the façade over `MasterSession`."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import TypeVar

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.driver import Tap
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.master import Answer, Exchange
from cmi_gui.engine.mbus.procedures import nothing

Result = TypeVar("Result")


class MasterClient:
    """Runs procedures, in order. Use as `async with`, or call `open` and `close`. Parameters: see `MasterSession`."""

    def __init__(self, link: Link, line: Line, clock: Clock, *, extra: float | None = None, tap: Tap | None = None):
        self._session = MasterSession(link, line, clock, extra=extra, tap=tap)

    async def __aenter__(self) -> MasterClient:
        await self.open()
        return self

    async def __aexit__(self, *unused: object) -> None:
        self.close()

    async def open(self) -> None:
        """Open the link. Raises LinkError if it cannot be opened."""
        try:
            await self.run(nothing())
        except LinkError:
            self.close()
            raise

    def close(self) -> None:
        """Close the link; a procedure under way ends with a LinkError."""
        self._session.close()

    async def run(self, procedure: Generator[Exchange, Answer, Result]) -> Result:
        """Run a procedure to its end; cancelling stops it.

        Raises what it raises (`ProcedureFailed`), LinkError if the link is lost.
        """
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        job = self._session.run(
            procedure,
            lambda value: None if result.done() else result.set_result(value),
            lambda error: None if result.done() else result.set_exception(error),
        )
        try:
            return await result
        except asyncio.CancelledError:
            self._session.cancel(job)
            raise

    @property
    def has_speed(self) -> bool:
        """See `MasterSession`."""
        return self._session.has_speed

    @property
    def baud(self) -> int:
        """The speed in bit/s of the next procedure."""
        return self._session.baud

    def set_speed(self, baud: int) -> None:
        """Speak at another speed from the next procedure on. Raises RuntimeError while one runs."""
        self._session.set_speed(baud)
