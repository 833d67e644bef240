"""What leads from the module to its meter: a wire in memory to the simulated one, or the link of a real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.link.cut import CutLink
from cmi_gui.engine.link.echo_link import learned_echo
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import MeterProfile
from cmi_gui.engine.station.bus_side import LinkTold
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.meter_side import MeterSide
from cmi_gui.engine.station.simulated_meter import SimulatedMeter
from cmi_gui.engine.station.wiring import Wiring, meter_role
from cmi_gui.engine.traffic.recorder import MeterRecorder


class MeterWire:
    """The one link of the meter side, which may become another one; `side` is what the module speaks through.

    `seed`, `start`, `paced`: of the simulated meter, see `SimulatedMeter`. `make_recorder` gives each link somebody who
    writes its traffic. Raises LinkError for a LINK that cannot be, ValueError for a variant that is not known.
    """

    def __init__(
        self,
        wiring: Wiring,
        clock: Clock,
        profile: MeterProfile,
        make_recorder: Callable[[LinkStatus], MeterRecorder],
        told: LinkTold,
        *,
        seed: int,
        start: datetime | None,
        paced: bool,
    ) -> None:
        self._clock = clock
        self._profile = profile
        self._make_recorder = make_recorder
        self._told = told
        self._seed = seed
        self._start = start
        self._paced = paced
        self._open = False
        self._wiring = wiring
        self._simulated: SimulatedMeter | None = None
        self.side = MeterSide(clock, profile)
        self.status = self._new_status()
        self._use(self.side.connect, self._make_link())

    @property
    def meter(self) -> E350Meter | None:
        """The simulated meter; None while a real one is wired."""
        return self._simulated.meter if self._simulated is not None and self._wants_simulated else None

    @property
    def _wants_simulated(self) -> bool:
        return parse_link(self._wiring.meter).scheme == "sim"

    def set_power(self, on: bool) -> None:
        """Take the simulated meter's supply away, or give it back. Raises ValueError where a real meter is wired."""
        if self._simulated is None or not self._wants_simulated:
            raise ValueError("a real meter is wired; only the simulated one can be switched off here")
        self._simulated.set_power(on)

    def open(self) -> None:
        """Open the link."""
        self._open = True
        self._open_far_end()
        self.side.open()

    def close(self) -> None:
        """Close the link; an exchange under way is forgotten."""
        self._open = False
        self.side.close()
        if self._simulated is not None:
            self._simulated.close()

    # Wiring

    def needs_change(self, wiring: Wiring) -> bool:
        """Whether `wiring` has another meter than the one that is wired."""
        if parse_link(wiring.meter) != parse_link(self._wiring.meter):
            return True
        made = self._simulated
        return (
            made is not None and self._wants_simulated and not made.is_made_as(wiring.variant, wiring.has_disconnector)
        )

    def take_away(self) -> None:
        """Close the link for good; `connect` follows."""
        self.side.close()
        self._unplug()
        self._told(self.status, self.side.driver.link, LinkState.CLOSED, None)

    def connect(self, wiring: Wiring) -> None:
        """Have the meter of `wiring`, which must have been checked, in place of the one that was taken away."""
        self._wiring = wiring
        self.status = self._new_status()
        self._use(self.side.connect, self._make_link())
        if self._open:
            self.open()

    def disconnect(self) -> None:
        """Close the link until `reconnect`: as if its wire was pulled."""
        cause = LinkError(
            "disconnected", Message("The meter was disconnected by hand; connect it again on the page Wiring.")
        )
        self._use(self.side.cut, CutLink(self._clock, self.status.url, cause))
        self._unplug()

    def reconnect(self) -> None:
        """Open the link again, now, whatever it is doing."""
        link = self._make_link()
        if self._open:
            self._open_far_end()
            self._use(self.side.cut, link)
        else:
            self._use(self.side.connect, link)

    def _new_status(self) -> LinkStatus:
        link = str(parse_link(self._wiring.meter))
        return LinkStatus("meter", link, link)

    def _make_link(self) -> Link:
        """The near end of what `wiring` names, closed."""
        spec = parse_link(self._wiring.meter)
        return self._plug() if spec.scheme == "sim" else make_link(spec, self._clock, meter_role(spec), START_LINE)

    def _plug(self) -> Link:
        """A wire to the simulated meter; it is made when it is first wired, and goes on to count ever after."""
        variant, has_disconnector = self._wiring.variant, self._wiring.has_disconnector
        meter = self._simulated
        if meter is None:
            meter = self._simulated = SimulatedMeter(
                self._clock,
                self._profile,
                variant,
                has_disconnector,
                seed=self._seed,
                start=self._start,
                paced=self._paced,
            )
        elif not meter.is_made_as(variant, has_disconnector):
            meter.exchange(variant, has_disconnector)
        return meter.plug()

    def _open_far_end(self) -> None:
        if self._simulated is not None:
            self._simulated.open()

    def _unplug(self) -> None:
        if self._simulated is not None:
            self._simulated.unplug()

    def _use(self, connect: Callable[..., None], link: Link) -> None:
        status = self.status
        recorder = self._make_recorder(status)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            status.count(direction, data)
            status.echo = learned_echo(link)
            recorder.tap(direction, data, at)

        start = parse_link(self._wiring.meter).line(START_LINE)
        connect(link, lambda state, cause: self._told(status, link, state, cause), tap, start)
