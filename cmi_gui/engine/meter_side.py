"""The module's connection with its meter: a reading device on a link, told to the module in the module's words."""

from __future__ import annotations

from collections.abc import Callable

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.driver import Driver, Tap
from cmi_gui.engine.iec62056.events import (
    START_LINE,
    Failed,
    FailureCause,
    Identified,
    Limits,
    ReadoutDone,
    ReadoutLine,
)
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.base import Link, LinkError
from cmi_gui.engine.machine import LinkState

__all__ = ["START_LINE", "MeterSide"]

_ONE_TRY = Limits(attempts=1)
"""The module's own schedule repeats a failed readout; repeating inside it too would hide failures from people."""

_WORDS = {
    FailureCause.SILENCE: "the meter does not answer",
    FailureCause.GARBAGE: "what the meter sends cannot be read",
    FailureCause.BAD_BCC: "the meter's block check character is wrong",
    FailureCause.NAK: "the meter refuses the message (NAK)",
    FailureCause.ERROR_MESSAGE: "the meter answers with an error message",
    FailureCause.BREAK: "the meter broke off",
    FailureCause.UNSUPPORTED: "the meter offers no mode C",
    FailureCause.LINK: "the link to the meter is not open",
}


class MeterSide:
    """A `MeterSession`. Call `attach` once the module exists, then `open`."""

    def __init__(self, link: Link, clock: Clock, on_state: Callable[[LinkState, LinkError | None], None], tap: Tap):
        self._clock = clock
        self._on_state = on_state
        self.device = ReadingDevice(limits=_ONE_TRY)
        self.driver = Driver(self.device, link, clock, self._hear, on_state=self._state_changed, tap=tap)
        self._module: Cmi1020 | None = None
        self._after_event: Callable[[], None] = lambda: None
        self._waiting = False

    def attach(self, module: Cmi1020, after_event: Callable[[], None]) -> None:
        """Name the module; `after_event` is called after each thing told to it."""
        self._module = module
        self._after_event = after_event

    def open(self) -> None:
        """Open the link."""
        self.driver.open()

    def close(self) -> None:
        """Close the link; nothing more is told."""
        self._waiting = False
        self.driver.close()

    def start_readout(self) -> None:
        """See `MeterSession`; waits for the end of an exchange that is being called off."""
        if self.device.busy:
            self._waiting = True
            return
        self.driver.run(lambda: self.device.start_readout(self._clock.now()))

    def abort(self) -> None:
        """See `MeterSession`."""
        self._waiting = False
        if self.device.busy:
            self.driver.run(lambda: self.device.abort(self._clock.now()))

    def _state_changed(self, state: LinkState, cause: LinkError | None) -> None:
        if state is not LinkState.OPEN and self.device.busy:
            self.driver.run(lambda: self.device.lost(self._clock.now()))
        self._on_state(state, cause)

    def _hear(self, event: object) -> None:
        module = self._module
        if module is None:
            return
        now = self._clock.now()
        match event:
            case Identified(identification=identification):
                module.meter_identified(str(identification))
            case ReadoutLine(line=line):
                module.meter_line(line, now)
            case ReadoutDone(lines=lines):
                module.meter_read(lines, now)
            case Failed(cause=FailureCause.ABORTED):
                if self._waiting:
                    self._waiting = False
                    self.driver.run(lambda: self.device.start_readout(self._clock.now()))
            case Failed(cause=cause, detail=detail):
                module.meter_failed(cause.value, f"{_WORDS[cause]}: {detail}", now)
        self._after_event()
