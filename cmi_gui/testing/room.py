"""A room of modules that serves masters from a thread of its own, operated by a test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, TypeVar

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import CodedError, Message
from cmi_gui.engine.room.line import LineResult
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.room.room_file import Room, read_room
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.capture import capture_text
from cmi_gui.engine.traffic.conduct import Violation, judge
from cmi_gui.engine.traffic.store import Direction, TrafficRow
from cmi_gui.testing.loop_thread import LoopThread
from cmi_gui.testing.module import RoomModule
from cmi_gui.testing.requests import MasterRequest, requests_in

Result = TypeVar("Result")
Kind = Literal["SND_NKE", "SND_UD", "REQ_UD1", "REQ_UD2", "OTHER"]

FREE_PORT: Final = "tcp://127.0.0.1:0"
"""The LINK of any free TCP port of this computer."""
TRAFFIC_BYTES: Final = 64 << 20
"""Traffic to keep, in bytes; the oldest rows go first."""
OPEN_SECONDS: Final = 10.0
"""Seconds within which the link must open and the meters must have been read."""
LONGEST_ANSWER: Final = 10.0
"""Seconds that an answer takes at most: 261 characters at 300 bit/s."""
_FIRST_READOUT_FACTOR: Final = 1000.0
"""How much faster than real time the meters are read the first time, so that a room is ready at once."""


class MeterRoomError(CodedError):
    """The error of an operation that was not carried out, with the code and message of the control line."""


def open_room(
    source: str | Path | int | Room = 3, *, seed: int = 1, link: str = FREE_PORT, paced: bool = False
) -> MeterRoom:
    """Open a room and return it when its modules have read their meters; close it, or use it in a `with` statement.

    `source`: a room file, the number of modules of a made room (1 to 250, as delivered, all at address 0), or a `Room`.
    `seed`: of a made room. `link`: the LINK for masters. `paced`: characters between modules and meters take their
    time. Raises RoomError or ValueError for a room that cannot be used, LinkError for a LINK that cannot be opened.
    """
    match source:
        case Room():
            room = source
        case int():
            room = make_room(source, seed)
        case _:
            room = read_room(Path(source))
    return MeterRoom(tuple(replace(point, paced=paced) for point in room.points), link)


def open_module(*, link: str = FREE_PORT, **config: Any) -> RoomModule:
    """Open a room with one module and return the module. `config`: attributes of `PointConfig`.

    Close its `room` afterwards, or use it in a `with` statement. Raises as `open_room`.
    """
    config = {"serial": "12345678", "paced": False, **config}
    return MeterRoom((PointConfig(**config),), link).modules[0]


class MeterRoom:
    """An open room: modules with simulated meters on one wire, which masters reach at `url`.

    `room[name]` is a module, by its name or serial number; iterating yields all. Nothing is stored outside this object.
    """

    def __init__(self, points: tuple[PointConfig, ...], link: str = FREE_PORT) -> None:
        self._thread = LoopThread(f"meter room of {len(points)}")
        try:
            self._station: Station = self.call(lambda: self._start(points, link))
            self.modules = tuple(RoomModule(self, point) for point in self._station.points)
            self._operator = Operator(self._station)
            self._thread.wait_for(self._ready())
        except BaseException:
            self.close()
            raise

    def _start(self, points: tuple[PointConfig, ...], link: str) -> Station:
        config = StationConfig(mbus=(link,), modules=points, traffic_bytes=TRAFFIC_BYTES)
        self._station = Station(config, LoopClock(self._thread.loop))
        self._station.set_time_factor(_FIRST_READOUT_FACTOR)
        self._station.start()
        return self._station

    async def _ready(self) -> None:
        """Wait until the link is open and every module with power has read its meter."""
        changed = asyncio.Event()
        subscription = self._station.subscribe(wake=changed.set)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                while not self._is_ready():
                    await changed.wait()
                    changed.clear()
                    subscription.drain()
        except TimeoutError:
            raise LinkError("no_answer", Message("The room was not ready in time.")) from None
        finally:
            subscription.close()
        self._station.set_time_factor(1.0)

    def _is_ready(self) -> bool:
        status = self._station.link_status[0]
        if status.state is LinkState.FAILED:
            raise LinkError(status.code or "io", status.message or Message("The link could not be opened."))
        waits_for_peer = status.state is LinkState.WAITING
        read = all(point.module.contact or not point.module.powered for point in self._station.points)
        return read and (status.state is LinkState.OPEN or waits_for_peer)

    def close(self) -> None:
        """Close the link and end the thread; harmless a second time."""
        with contextlib.suppress(RuntimeError, AttributeError):
            self.call(self._station.stop)
        self._thread.close()

    def __enter__(self) -> MeterRoom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, function: Callable[[], Result]) -> Result:
        """Call a function in the room's thread, where all of it lives; return its result."""
        return self._thread.run(function)

    @property
    def url(self) -> str:
        """The URL at which masters reach the modules, such as `tcp://127.0.0.1:40123`."""
        return self.call(lambda: self._station.link_status[0].url)

    def __iter__(self) -> Iterator[RoomModule]:
        return iter(self.modules)

    def __len__(self) -> int:
        return len(self.modules)

    def __getitem__(self, name: str) -> RoomModule:
        """Return the module with a name or serial number. Raises KeyError."""
        for module in self.modules:
            if name in (module.name, module.serial):
                return module
        raise KeyError(f"there is no module {name}; the modules are {', '.join(one.name for one in self.modules)}")

    # Operation

    def operate(self, line: str) -> dict[str, Any]:
        """Carry out a control line, and wait for its end; return its values. docs/room.md has all lines.

        Raises MeterRoomError with the reason if it was not carried out.
        """
        result = self._thread.wait_for(self._operated(line))
        if not result.ok:
            raise MeterRoomError(result.code or "refused", result.message or Message("refused"))
        return result.values

    async def _operated(self, line: str) -> LineResult:
        ended: asyncio.Future[LineResult] = asyncio.get_running_loop().create_future()
        self._operator.start(line, lambda result: None if ended.done() else ended.set_result(result))
        return await ended

    def inject(
        self,
        target: str,
        fault: str,
        *,
        once: bool = False,
        every: int | None = None,
        percent: float | None = None,
    ) -> None:
        """Add a fault to the answers of a module, or of `all`: always, once, every Nth answer or by chance."""
        given = ("once" if once else "", f"every {every}" if every is not None else "")
        chance = "" if percent is None else f"{percent:g} %"
        self.operate(" ".join(filter(None, ("inject", target, fault, *given, chance))))

    def clear(self, target: str = "all") -> None:
        """Remove all faults of the answers of a module, or of all."""
        self.operate(f"clear {target}")

    def wait(self, condition: str, timeout: float = 20.0, *, target: str = "all") -> None:
        """Wait until modules meet a condition, such as `contact yes`, at most `timeout` seconds."""
        self.operate(f"wait {target} {condition} {timeout:g}")

    def time(self, to: datetime | None = None, *, factor: float | None = None) -> None:
        """Set the time of modules and meters, let it pass `factor` times as fast (0.1 to 1000), or both."""
        if to is not None:
            self.operate(f"time {to.replace(tzinfo=None).isoformat(timespec='seconds')}")
        if factor is not None:
            self.operate(f"time x{factor:g}")

    # Traffic

    @property
    def rows(self) -> list[TrafficRow]:
        """The traffic so far, that of the bus and of the meters, in the order in which it ended.

        An answer that has begun is waited for, because its master may have it before the room has recorded it.
        """
        return self._thread.wait_for(self._recorded())

    async def _recorded(self) -> list[TrafficRow]:
        traffic = self._station.traffic
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_ANSWER):
                while self._station.sending:
                    await asyncio.sleep(0.0005)
        return [traffic.row(index) for index in range(traffic.first, len(traffic))]

    @property
    def violations(self) -> list[Violation]:
        """What masters did against the rules of the link layer, so far."""
        rows = self.rows
        answered = {row.baud for row in rows if row.direction is Direction.SENT and row.baud is not None}
        speeds = self.call(lambda: {point.module.baud for point in self._station.points})
        return judge(rows, answered | speeds)

    def requests(self, *, address: int | None = None, kind: Kind | str | None = None) -> list[MasterRequest]:
        """Return the undamaged telegrams of masters: to an address (the A field), of a kind such as REQ_UD2, or all."""
        return [
            request
            for request in requests_in(self.rows)
            if address in (None, request.address) and kind in (None, request.kind)
        ]

    def capture(self) -> str:
        """Return the traffic so far as the text of a capture, with passwords masked (docs/capture-format.md)."""
        anchor = self._station.anchor
        return capture_text(self.rows, anchor.wall, anchor.local(self.call(self._station.clock.now)))
