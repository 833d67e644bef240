"""The meter's own port: the link on which reading devices reach the simulated meter, beside the module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.iec62056.tariff_device import CharacterLost, TariffDevice
from cmi_gui.engine.link.peer_speed import peer_baud
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError, LinkNotice
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.link_set import LinkSet, OnLinkChanged, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus, counting_tap
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.notice import EmitNotice
from cmi_gui.engine.station.wiring import Use, Wiring
from cmi_gui.engine.traffic.recorder import LinkTiming, MeterRecorder

Wanted = tuple[str, E350Meter]
"""The LINK of a port, and the meter behind it."""


@dataclass(slots=True, eq=False)
class PortLink(WiredLink):
    """The link of a port with its interface of the meter."""

    device: TariffDevice

    def close(self) -> None:
        """Close the link: a session ends, a lock-out does not."""
        self.driver.close()
        self.device.lost()


class MeterPort(LinkSet[Wanted, PortLink]):
    """The link, if any, on which reading devices reach the simulated meter of `point`.

    The link and the times of the protocol follow the station's clock; what the meter is asked follows the module clock.
    `make_recorder` makes the recorder of the link's traffic; `on_changed` is called for each change of the link's
    state, `emit_notice` with its notices. Wire it after the wire to the meter, which makes the meter.
    """

    def __init__(
        self,
        point: MeteringPoint,
        make_recorder: Callable[[LinkStatus], MeterRecorder],
        on_changed: OnLinkChanged,
        emit_notice: EmitNotice,
    ) -> None:
        super().__init__(on_changed)
        self.point = point
        self._emit_notice = emit_notice
        self._make_recorder = make_recorder

    def time_changed(self) -> None:
        """Set the end of a lock-out again, because the module clock may have been changed."""
        for link in self.links:
            link.driver.run(lambda: ())

    def _switch(self, on: bool) -> None:
        for link in self.links:
            link.driver.run(link.device.power_up if on else link.device.power_down)

    def _wanted_of(self, wiring: Wiring) -> list[Wanted]:
        simulated = self.point.wire.built_in
        if not wiring.meter_port or simulated is None:
            return []
        simulated.on_power = self._switch
        return [(str(parse_link(wiring.meter_port)), simulated.meter)]

    def _new_status(self, wanted: Wanted) -> LinkStatus:
        link, _ = wanted
        return LinkStatus("meter_port", link, link)

    def _make(self, wanted: Wanted, status: LinkStatus) -> PortLink:
        text, meter = wanted
        spec, clock = parse_link(text), self.point.clock
        line = spec.line(Use.METER_PORT.line)
        link = make_link(spec, clock.base, Use.METER_PORT.role(spec), line)
        device = meter.interface(line, clock.at, clock.base_time)
        reported: set[tuple[int | None, int]] = set()
        recorder = self._make_recorder(status)
        recorder.timing = lambda: LinkTiming.of(link, device.line)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            # In the traffic, directions are those of the reading device.
            recorder.tap("tx" if direction == "rx" else "rx", data, at)

        def on_state(state: LinkState, cause: LinkError | None) -> None:
            if state is not LinkState.OPEN:
                driver.run(device.lost)
            self._on_changed(status, link, state, cause)

        def on_event(event: object) -> None:
            match event:
                case LinkNotice(code=code, message=message):
                    self._emit_notice("warning", code, message)
                case CharacterLost(kind=kind, at=at):
                    recorder.lost(kind, at)
                    report_speed(peer_baud(link), device.line.baud)

        def report_speed(peer: int | None, own: int) -> None:
            if peer not in (None, own) and (peer, own) not in reported:
                reported.add((peer, own))
                message = Message(
                    "{0}: {1} bit/s cannot be received, because the meter uses {2} bit/s; if the reading device changes"
                    " its speed too early, use pty:?baud=any",
                    (status.url, peer, own),
                )
                self._emit_notice("info", "other_speed", message)

        driver = Driver(device, link, clock.base, on_event, on_state=on_state, tap=counting_tap(status, link, tap))
        return PortLink(driver, status, device)
