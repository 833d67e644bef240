"""The link from the module to its meter: a wire in memory to the simulated one, or the link of a real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.variants import Variant
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.disconnected import DisconnectedLink
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import MeterProfile
from cmi_gui.engine.station.link_set import LinkSet, OnLinkChanged, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus, counting_tap
from cmi_gui.engine.station.meter_side import MeterSide
from cmi_gui.engine.station.module_clock import ModuleClock
from cmi_gui.engine.station.simulated_meter import SimulatedMeter
from cmi_gui.engine.station.wiring import Use, Wiring
from cmi_gui.engine.traffic.recorder import LinkTiming, MeterRecorder

Wanted = tuple[str, Variant | None]
"""The LINK of a meter; `sim:` with the variant of the simulated meter."""


@dataclass(slots=True, eq=False)
class MeterLink(WiredLink):
    """The link to a meter with its reading device; `far` is the simulated meter at its other end, or None."""

    device: ReadingDevice
    side: MeterSide
    far: SimulatedMeter | None

    def open(self) -> None:
        """Open the link, beginning with the simulated meter's end."""
        if self.far is not None:
            self.far.open()
        self.driver.open()

    def close(self) -> None:
        """Close the link; the end of an exchange under way is not reported."""
        self.side.forget()
        self.driver.close()
        if self.far is not None:
            self.far.close()


class MeterWire(LinkSet[Wanted, MeterLink]):
    """The one link of the meter side, which can be rewired; `side` is the module's session with the meter.

    `make_recorder` makes the recorder of a link's traffic, `on_changed` is called for each change of the link's state,
    `make_meter` makes the simulated meter when it is first wired. A real meter keeps the time of `clock.base`.
    """

    def __init__(
        self,
        clock: ModuleClock,
        profile: MeterProfile,
        make_recorder: Callable[[LinkStatus], MeterRecorder],
        on_changed: OnLinkChanged,
        make_meter: Callable[[Variant], SimulatedMeter],
    ) -> None:
        super().__init__(on_changed)
        self._clock = clock
        self._make_recorder = make_recorder
        self._make_meter = make_meter
        self._simulated: SimulatedMeter | None = None
        self.side = MeterSide(clock, profile)

    @property
    def meter(self) -> E350Meter | None:
        """The simulated meter; None while a real one is wired."""
        return None if self.simulated is None else self.simulated.meter

    @property
    def simulated(self) -> SimulatedMeter | None:
        """The simulated meter with its wire; None while a real one is wired."""
        _, variant = next(iter(self._wanted.values()))
        return None if variant is None else self._simulated

    @property
    def built_in(self) -> SimulatedMeter | None:
        """The simulated meter, also while a real one is wired; None until it is first wired."""
        return self._simulated

    def set_power(self, on: bool) -> None:
        """Switch the simulated meter's supply on or off. Raises ValueError if a real meter is wired."""
        if self.simulated is None:
            raise ValueError("a real meter is wired; only the simulated one can be switched off here")
        self.simulated.set_power(on)

    def close(self) -> None:
        """Close the link, and save the simulated meter's memory."""
        super().close()
        if self._simulated is not None:
            self._simulated.stop()

    def disconnect(self, status: LinkStatus) -> None:
        """Close the link until `reconnect`, as if its wire were unplugged: an exchange under way fails."""
        message = Message("The meter was disconnected by hand. Connect it to resume reading.")
        cause = LinkError("disconnected", message)
        wired = self._link_of(status)
        self._replace(
            wired, self._make_wired(DisconnectedLink(self._clock.base, status.url, cause), status, status.link)
        )
        if wired.far is not None:
            wired.far.close()

    def _wanted_of(self, wiring: Wiring) -> list[Wanted]:
        spec = parse_link(wiring.meter)
        return [(str(spec), wiring.simulated if spec.kind.simulated else None)]

    def _new_status(self, wanted: Wanted) -> LinkStatus:
        link, _ = wanted
        return LinkStatus("meter", link, link)

    def _make(self, wanted: Wanted, status: LinkStatus) -> MeterLink:
        link, variant = wanted
        if variant is not None:
            return self._make_wired(self._plug(variant), status, link, self._simulated)
        spec = parse_link(link)
        return self._make_wired(make_link(spec, self._clock.base, Use.METER.role(spec), START_LINE), status, link)

    def _plug(self, variant: Variant) -> Link:
        """Return a wire to the simulated meter, which is made when first wired and keeps counting from then on."""
        if self._simulated is None:
            self._simulated = self._make_meter(variant)
        return self._simulated.plug(variant)

    def _settle(self, link: MeterLink) -> None:
        self.side.use(link.device, link.driver)
        super()._settle(link)

    def _replace(self, link: MeterLink, fresh: MeterLink) -> None:
        super()._replace(link, fresh)
        self.side.lost(link.device, link.driver)

    def _make_wired(self, link: Link, status: LinkStatus, wanted: str, far: SimulatedMeter | None = None) -> MeterLink:
        clock: Clock = self._clock.base if far is None else self._clock
        recorder = self._make_recorder(status)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            recorder.tap(direction, data, at if far is None else self._clock.base_time(at))

        device, driver = self.side.make(
            link,
            partial(self._on_changed, status, link),
            counting_tap(status, link, tap),
            parse_link(wanted),
            clock,
        )
        recorder.timing = lambda: LinkTiming.of(link, device.line)
        return MeterLink(driver, status, device, self.side, far)
