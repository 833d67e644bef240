"""A master on a link for asynchronous code: procedures of a `MasterSession` as coroutines."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.mbus.allowance import Allowance
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.procedures import no_requests

Result = TypeVar("Result")


class MasterClient:
    """A master that runs procedures in order. Parameters: see `MasterSession`.

    `async with` opens the link, and at the end deselects the slave that is still selected and closes the link;
    LinkError is raised if it cannot be opened.
    """

    def __init__(self, link: Link, line: Line, clock: Clock, *, allowance: Allowance | None = None) -> None:
        self.session = MasterSession(link, line, clock, allowance=allowance)

    async def __aenter__(self) -> MasterClient:
        try:
            await self.run(no_requests())
        except LinkError:
            self.session.close()
            raise
        return self

    async def __aexit__(self, *unused: object) -> None:
        try:
            if self.session.state is LinkState.OPEN:
                await self.run(self.session.deselecting(answered=False))
        except LinkError:
            pass  # it was lost just now
        finally:
            self.session.close()

    async def run(self, procedure: Procedure[Result]) -> Result:
        """Run a procedure and return its result; cancelling the task stops it.

        Raises the procedure's own errors (`ProcedureFailed`), LinkError if the link cannot be opened or is lost.
        """
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        job = self.session.run(
            procedure,
            lambda value: None if result.done() else result.set_result(value),
            lambda error: None if result.done() else result.set_exception(error),
        )
        try:
            return await result
        except asyncio.CancelledError:
            self.session.cancel(job)
            raise

    @property
    def baud(self) -> int | None:
        """The speed in bit/s of procedures that set none; None if the link has none."""
        return self.session.baud
