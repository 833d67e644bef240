"""A master on a link, for code that awaits: the façade over the `Master` machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import TypeVar, cast

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.driver import Driver, Tap
from cmi_gui.engine.link.base import Cap, Link, LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.mbus.master import Answer, Exchange, ExchangeDone, Master, ProcedureFailed, ProcedureFinished

__all__ = ["OPEN_TIMEOUT", "MasterClient"]

Result = TypeVar("Result")

OPEN_TIMEOUT = 5.0
"""Seconds in which a link must open."""
EXTRA_WITH_SPEED = 0.1
"""Seconds on top of the standard's window for serial adapters."""
EXTRA_WITHOUT_SPEED = 0.5
"""... and for links that cross a network, where gateways and converters delay."""


class MasterClient:
    """Runs procedures one at a time. Use as `async with`, or call `open` and `close`.

    `line`: speed by which time-outs are reckoned. `extra`: seconds on top of the standard's window; None chooses by the
    kind of link.
    """

    def __init__(self, link: Link, line: Line, clock: Clock, *, extra: float | None = None, tap: Tap | None = None):
        if extra is None:
            extra = EXTRA_WITH_SPEED if Cap.BAUD in link.caps else EXTRA_WITHOUT_SPEED
        self._clock = clock
        self._machine = Master(line, extra=extra)
        self._driver = Driver(self._machine, link, clock, self._hear, on_state=self._state_changed, tap=tap)
        self._opened: asyncio.Future[None] | None = None
        self._result: asyncio.Future[object] | None = None
        self.on_exchange: Callable[[ExchangeDone], None] | None = None

    async def __aenter__(self) -> MasterClient:
        await self.open()
        return self

    async def __aexit__(self, *unused: object) -> None:
        self.close()

    async def open(self) -> None:
        """Open the link. Raises LinkError if it cannot be opened."""
        self._opened = asyncio.get_running_loop().create_future()
        self._driver.open()
        try:
            async with asyncio.timeout(OPEN_TIMEOUT):
                await self._opened
        except TimeoutError:
            cause = self._driver.link_cause
            self.close()
            raise cause or LinkError("no_answer", "the link did not open in time") from None
        except LinkError:
            self.close()
            raise

    def close(self) -> None:
        """Close the link; a procedure under way ends with a LinkError."""
        self._driver.close()
        self._fail(LinkError("closed", "the link was closed"))

    async def run(self, procedure: Generator[Exchange, Answer, Result]) -> Result:
        """Run a procedure to its end; cancelling stops it.

        Raises what it raises (`ProcedureFailed`), LinkError if the link is lost, RuntimeError while another runs.
        """
        if self._machine.busy:
            raise RuntimeError("the master is busy with another procedure")
        result = self._result = asyncio.get_running_loop().create_future()
        self._driver.run(lambda: self._machine.start(procedure, self._clock.now()))
        try:
            return cast(Result, await result)
        except asyncio.CancelledError:
            self._driver.run(lambda: self._machine.cancel(self._clock.now()))
            raise

    def set_speed(self, baud: int) -> None:
        """Speak at another speed from the next procedure on. Raises RuntimeError while one runs."""
        self._driver.run(lambda: self._machine.set_speed(baud))

    def _hear(self, event: object) -> None:
        match event:
            case ExchangeDone() if self.on_exchange is not None:
                self.on_exchange(event)
            case ProcedureFinished(error=ProcedureFailed() as error):
                self._fail(error)
            case ProcedureFinished(result=result) if self._result is not None and not self._result.done():
                self._result.set_result(result)

    def _fail(self, error: Exception) -> None:
        for future in (self._opened, self._result):
            if future is not None and not future.done():
                future.set_exception(error)

    def _state_changed(self, state: LinkState, cause: LinkError | None) -> None:
        opened = self._opened
        if state is LinkState.OPEN:
            if opened is not None and not opened.done():
                opened.set_result(None)
        elif cause is not None and state in (LinkState.FAILED, LinkState.WAITING):
            if self._machine.busy:
                self._driver.run(lambda: self._machine.cancel(self._clock.now()))
            self._fail(cause)
