"""One module of a room, as a test operates it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.traffic.conduct import Violation
from cmi_gui.testing.requests import MasterRequest, readings_of, series_of

if TYPE_CHECKING:
    from cmi_gui.testing.room import MeterRoom


class RoomModule:
    """A module in a room. Its operations are those of the control lines, by the same words.

    Every operation is carried out before it returns. They raise `MeterRoomError`, with the reason, if that cannot be.
    `room`: the room with the module, which is closed at the end of a `with` statement. `name`, `serial`: as in the
    room file.
    """

    def __init__(self, room: MeterRoom, point: MeteringPoint) -> None:
        self.room = room
        self.name = point.name
        self.serial = point.module.serial
        self._point = point

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.room.close()

    def __repr__(self) -> str:
        return f"<module {self.name} of {self.room.url}>"

    @property
    def url(self) -> str:
        """The URL at which masters reach the room."""
        return self.room.url

    # Operation

    def operate(self, verb: str, *arguments: object) -> dict[str, Any]:
        """Carry out the control line `VERB MODULE ARGUMENTS`; return its values. docs/room.md has all lines."""
        return self.room.operate(" ".join((verb, self.serial, *map(str, arguments))))

    def press(self) -> None:
        """Press the push button."""
        self.operate("press")

    def rate_input(self, name: str, volts: float) -> None:
        """Apply `volts` V AC to rate input A or B."""
        self.operate("rate-input", name, volts)

    def power(self, on: bool) -> None:
        """Switch the bus voltage at the module on or off."""
        self.operate("power", "on" if on else "off")

    def inject(self, fault: str, *, once: bool = False, every: int | None = None, percent: float | None = None) -> None:
        """Add a fault to the answers, such as `no-answer` or `late 300`: always, once, every Nth time or by chance."""
        self.room.inject(self.serial, fault, once=once, every=every, percent=percent)

    def clear(self) -> None:
        """Remove all faults of the answers."""
        self.operate("clear")

    def wait(self, condition: str, timeout: float = 20.0) -> None:
        """Wait until a condition is met, such as `disconnector open`, at most `timeout` seconds."""
        self.operate("wait", condition, f"{timeout:g}")

    def expect(self, condition: str) -> None:
        """Check that a condition is met now."""
        self.operate("expect", condition)

    def time(self, to: datetime | None = None, *, factor: float | None = None) -> None:
        """Set the time of the whole room, let it pass `factor` times as fast (0.1 to 1000), or both."""
        self.room.time(to, factor=factor)

    # State

    @property
    def status(self) -> dict[str, Any]:
        """The state of module, meter and lamps as plain values, as the control line `status` gives them."""
        return self.operate("status")

    @property
    def lamps(self) -> dict[str, dict[str, Any]]:
        """The red and the green lamp: the `pattern` in milliseconds on and period, and whether it is `on` now."""
        lamps: dict[str, dict[str, Any]] = self.status["lamps"]
        return lamps

    @property
    def settings(self) -> ModuleSettings:
        """The settings that the module has now."""
        return self.room.call(lambda: self._point.module.settings)

    @property
    def readings(self) -> dict[str, Reading]:
        """What the module has read from its meter last, by OBIS code."""
        lines = self.room.call(lambda: self._point.module.lines)
        return {reading.code: reading for reading in reversed([*read_lines(lines)])}

    # Traffic

    def sent(self, code: str) -> Decimal:
        """Return the value of an OBIS code in the last series of telegrams that the module has sent.

        Raises KeyError if it has sent no series with this code, ValueError if the value is no number.
        """
        reading = readings_of(series_of(self.serial, self.room.rows)).get(code)
        if reading is None:
            raise KeyError(f"module {self.name} has sent no {code}")
        if reading.number is None:
            raise ValueError(f"module {self.name} has sent {code} as {reading.text!r}, which is no number")
        return reading.number

    def requests(self, kind: str | None = None) -> list[MasterRequest]:
        """Return the telegrams of masters to the module's present primary address."""
        return self.room.requests(address=self.settings.primary_address, kind=kind)

    @property
    def violations(self) -> list[Violation]:
        """What masters did against the rules on the wire, which all modules of the room share, so far."""
        return self.room.violations
