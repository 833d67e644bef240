"""A link sink that records all calls, and waits for them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cmi_gui.engine.link_protocol import Link, LinkError, LinkNotice
from cmi_gui.engine.machine import LineEvent, LinkState, SendOutcome
from tests.helpers.waiting import WAIT_SECONDS


class Recorder:
    def __init__(self) -> None:
        self.log: list[bytes | LineEvent] = []
        self.notices: list[LinkNotice] = []
        self.outcomes: dict[int, SendOutcome] = {}
        self.done_at: dict[int, float] = {}
        self.states: list[tuple[LinkState, LinkError | None]] = []
        self._changed = asyncio.Event()
        self._thread = threading.get_ident()

    def received(self, data: bytes, last_byte_at: float) -> None:
        assert last_byte_at <= time.perf_counter()
        self.log.append(data)
        self._note()

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.log.append(kind)
        self._note()

    def notice(self, notice: LinkNotice) -> None:
        self.notices.append(notice)
        self._note()

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        assert token not in self.outcomes, "done twice"
        self.outcomes[token] = outcome
        self.done_at[token] = at
        self._note()

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        self.states.append((state, cause))
        self._note()

    def _note(self) -> None:
        assert threading.get_ident() == self._thread, "called on another thread than the engine's"
        self._changed.set()

    @property
    def data(self) -> bytes:
        return b"".join(item for item in self.log if isinstance(item, bytes))

    @property
    def last_state(self) -> LinkState | None:
        return self.states[-1][0] if self.states else None

    @property
    def cause(self) -> LinkError:
        cause = self.states[-1][1]
        assert cause is not None
        return cause

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def until_state(self, state: LinkState) -> None:
        await self.until(lambda: self.last_state is state)

    async def until_data(self, data: bytes) -> None:
        await self.until(lambda: len(self.data) >= len(data))
        assert self.data == data

    async def until_done(self, *tokens: int) -> list[SendOutcome]:
        await self.until(lambda: all(token in self.outcomes for token in tokens))
        return [self.outcomes[token] for token in tokens]


@contextmanager
def opened(link: Link) -> Iterator[Recorder]:
    sink = Recorder()
    link.open(sink)
    try:
        yield sink
    finally:
        link.close()
