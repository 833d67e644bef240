"""The trial of a link before it is wired: whether it opens, a master sends there, or a meter answers.

A trial has its own link, ends by itself or by `cancel`, and closes the link; only one that ends by itself reports its
result, once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.iec62056.events import START_LINE, Failed, FailureCause, Identified, Limits, Timing
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.url import LinkSpec, make_link
from cmi_gui.engine.link_protocol import Link, LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, FrameEvent, GoodFrame
from cmi_gui.engine.messages import Argument
from cmi_gui.engine.station.meter_side import timing_on
from cmi_gui.engine.station.wiring import Use

LISTEN_SECONDS = 5.0
"""The time for which a trial listens for a master; most masters poll more often."""


class TrialVerdict(Enum):
    """The outcome of a trial."""

    FAILED = "failed"
    """The link does not open; `cause` is why."""
    OPENED = "opened"
    """The link opens; no more was asked for, or nothing was received while it listened."""
    RECEIVED = "heard"
    """`telegrams` whole M-Bus telegrams were received."""
    NOISE = "noise"
    """Bytes were received, but no telegram: another speed or format, or another protocol."""
    IDENTIFIED = "identified"
    """A meter answered with `text`."""
    NO_METER = "no_meter"
    """The link opened, but no meter identified itself; `meter_cause` and `text` have the cause and the details."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The result of a trial. `url`: the LINK in use; `bytes_in`: the number of bytes received."""

    verdict: TrialVerdict
    url: str
    cause: LinkError | None = None
    telegrams: int = 0
    bytes_in: int = 0
    text: Argument = ""
    meter_cause: FailureCause | None = None


OnResult = Callable[[TrialResult], None]


class Trial(ABC):
    """A trial of a link. `on_result` gets the result once, unless the trial is cancelled."""

    def __init__(self, link: Link, on_result: OnResult) -> None:
        self._link = link
        self._on_result: OnResult | None = on_result
        self._bytes_in = 0

    @abstractmethod
    def start(self) -> None:
        """Begin the trial; must be called only once."""

    @abstractmethod
    def _opened(self) -> None:
        """Continue, because the link has opened."""

    @abstractmethod
    def _close(self) -> None:
        """Close the link."""

    def cancel(self) -> None:
        """End the trial without a result; harmless when it is over."""
        self._on_result = None
        self._close()

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        """Process a change of the link's state."""
        if state in (LinkState.FAILED, LinkState.WAITING):
            self._end(TrialVerdict.FAILED, cause=cause)
        elif state is LinkState.OPEN:
            self._opened()

    def _end(self, verdict: TrialVerdict, **details: Any) -> None:
        result = TrialResult(verdict, self._link.url, bytes_in=self._bytes_in, **details)
        on_result = self._on_result
        self.cancel()
        if on_result is not None:
            on_result(result)


class OpenTrial(Trial):
    """A trial that opens a link and listens for `listen` seconds. It never sends a byte."""

    def __init__(self, link: Link, clock: Clock, on_result: OnResult, *, listen: float = 0.0) -> None:
        super().__init__(link, on_result)
        self._clock = clock
        self._listen = listen
        self._frames = FrameDecoder()
        self._telegrams = 0
        self._alarm = Alarm(clock, self._listening_ended)

    def start(self) -> None:
        """Begin the trial; must be called only once."""
        self._link.open(self)

    def _opened(self) -> None:
        if self._listen:
            self._alarm.set(self._clock.now() + self._listen)
        else:
            self._end(TrialVerdict.OPENED)

    def _close(self) -> None:
        self._alarm.set(None)
        self._link.close()

    def _listening_ended(self) -> None:
        self._count(self._frames.idle())
        if self._telegrams:
            self._end(TrialVerdict.RECEIVED, telegrams=self._telegrams)
        else:
            self._end(TrialVerdict.NOISE if self._bytes_in else TrialVerdict.OPENED)

    def _count(self, events: Sequence[FrameEvent]) -> None:
        self._telegrams += sum(isinstance(event, GoodFrame) for event in events)

    # LinkSink

    def received(self, data: bytes, last_byte_at: float) -> None:
        """Process received bytes."""
        self._bytes_in += len(data)
        self._count(self._frames.feed(data))

    def line_event(self, kind: LineEvent, at: float) -> None:
        """Ignore events of the line."""

    def notice(self, notice: LinkNotice) -> None:
        """Ignore notices."""

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        """Ignore the end of actions, as nothing is sent."""


class SignOnTrial(Trial):
    """A trial that asks the meter on a link to identify itself, twice if necessary, without a readout.

    `start`: the line settings of the sign-on. `timing`: how long it waits for an answer.
    """

    def __init__(
        self, link: Link, clock: Clock, on_result: OnResult, start: Line = START_LINE, timing: Timing | None = None
    ) -> None:
        super().__init__(link, on_result)
        self._clock = clock
        self._device = ReadingDevice(timing, Limits(attempts=2), start=start)
        self._driver = Driver(self._device, link, clock, self._on_event, on_state=self.state, tap=self._tap)

    def start(self) -> None:
        """Begin the trial; must be called only once."""
        self._driver.open()

    def _opened(self) -> None:
        self._driver.run(lambda: self._device.start_readout(self._clock.now()))

    def _close(self) -> None:
        self._driver.close()

    def _tap(self, direction: str, data: bytes, at: float) -> None:
        if direction == "rx":
            self._bytes_in += len(data)

    def _on_event(self, event: object) -> None:
        match event:
            case Identified(identification=identification):
                # Without an option select the meter ends its session by itself after two seconds.
                self._end(TrialVerdict.IDENTIFIED, text=str(identification))
            case Failed(cause=cause, detail=detail):
                self._end(TrialVerdict.NO_METER, text=detail, meter_cause=cause)


def make_trial(
    spec: LinkSpec, use: Use, line: Line, clock: Clock, on_result: OnResult, *, opens_only: bool = False
) -> Trial:
    """Return a trial of a link for a use with the line settings `line`; see `Station.try_link`."""
    use.check_options(spec)
    link = make_link(spec, clock, use.role(spec), line)
    if use is Use.METER and not opens_only:
        return SignOnTrial(link, clock, on_result, spec.line(line), timing_on(spec))
    silent = opens_only or (use is Use.SERVE and not spec.kind.real_wire)
    return OpenTrial(link, clock, on_result, listen=0.0 if silent else LISTEN_SECONDS)
