"""`cmi-gui listen`: print the telegrams on a wire, one line each, until Ctrl-C, without sending."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal, cast

from cmi_gui.commands.output import (
    NO_ANSWER,
    WRONG_USE,
    coded_errors_fail,
    complain,
    emit,
    emit_json,
    fail,
    wrong_use_fails,
)
from cmi_gui.commands.pcap import STDOUT, PcapStream
from cmi_gui.commands.signals import on_stop_signal, run_until_signal
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.events import Anchor
from cmi_gui.engine.iec62056.dataset import split_readout
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import DataMessage, parse_message
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, to_json_dict
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.listening import ListenerEvent, ListeningSide, ObservedSlave, emit_listener_event
from cmi_gui.engine.station.wiring import Listening, Wiring, check_wiring
from cmi_gui.engine.traffic.capture import CaptureWriter
from cmi_gui.engine.traffic.masking import MbusMask, hex_text
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import SENDERS, summarise

TRAFFIC_BYTES = 1 << 20
"""Bytes of traffic held in memory; few, because each row is printed at once."""


def listen(
    link: str, side: str, record: Path | None, pcap: str | None, module_profile: Path | None, *, json: bool
) -> None:
    """Listen until Ctrl-C or SIGTERM. Raises typer.Exit with the command's exit code."""
    if side not in ("mbus", "meter"):
        fail(f"--side must be mbus or meter, not {side}", WRONG_USE, code="wrong_use", json=json)
    listening = Listening(link, cast(Literal["mbus", "meter"], side))
    try:
        with coded_errors_fail(json=json), wrong_use_fails(json=json):
            check_wiring(Wiring((), listen=(listening,)))
            mask = MbusMask(load_module_profile(module_profile))
            run_until_signal(_listen(listening, record, pcap, mask, json=json))
    except OSError as error:
        fail(f"{error.filename or record}: {error.strerror or error}", NO_ANSWER, code="io", json=json)


async def _listen(listening: Listening, record: Path | None, pcap: str | None, mask: MbusMask, *, json: bool) -> None:
    session = _Session(LoopClock(asyncio.get_running_loop()), listening, mask, json=json)
    on_stop_signal(session.stop.set)
    if record is not None:
        session.record_to(record)
    if pcap is not None:
        session.stream_to(pcap)
    try:
        session.side.open()
        await session.stop.wait()
    finally:
        session.close()
    if session.failure is not None:
        raise session.failure


class _Session:
    """A listener on one wire that prints each row, and at the end their count. `stop` is set when the session ends.

    `failure`: the error that ended the session.
    """

    def __init__(self, clock: LoopClock, listening: Listening, mask: MbusMask, *, json: bool) -> None:
        self.stop = asyncio.Event()
        self.failure: LinkError | OSError | None = None
        self._json = json
        self._anchor = Anchor(clock)
        self._clock = clock
        self._store = TrafficStore(TRAFFIC_BYTES)
        self._writer: CaptureWriter | None = None
        self._pcap: PcapStream | None = None
        self._open_reported = False
        self._last: Message | None = None
        self._telegrams = self._damaged = 0
        self.side = ListeningSide(clock, self._store, self._added, mask, self._state, self._found)
        self.side.wire(Wiring((), listen=(listening,)))

    def record_to(self, path: Path) -> None:
        """Also write a capture, continuing an existing one. Raises OSError, ValueError."""
        started = self._anchor.local(self._clock.now())
        self._writer = CaptureWriter(path, started, self._anchor.wall, secrets_in_clear=False, append=True)

    def stream_to(self, target: str) -> None:
        """Also write pcapng; to standard output it takes the place of the lines. Raises OSError."""
        self._pcap = PcapStream(target, self._anchor.wall, json=self._json)

    def close(self) -> None:
        """Stop listening and print the counts. Raises OSError if the rest cannot be recorded."""
        self.side.close()
        self._report_end()
        if self._pcap is not None:
            self._pcap.close()
        if self._writer is not None:
            self._writer.close()

    # Traffic

    def _added(self, index: int, at: float) -> None:
        row = self._store.row(index)
        self._telegrams += row.kind is RowKind.TELEGRAM
        self._damaged += row.kind is not RowKind.TELEGRAM
        if self._writer is not None:
            # Written before it is printed, so that the file has every printed row even if the program is killed.
            self._writer.add((row,))
            try:
                self._writer.write()
            except OSError as error:
                self._end(error)
        if not self._put_out(row) and self._writer is None:
            self.stop.set()

    def _put_out(self, row: TrafficRow) -> bool:
        """Write a row to standard output and to the pcapng file; return False if no program reads them any more."""
        is_open = True
        if self._pcap is not None:
            try:
                is_open = self._pcap.add(row)
            except OSError as error:
                self._end(error)
            if self._pcap.target == STDOUT:
                return is_open
        return (emit_json(self._document(row)) if self._json else emit(self._line(row))) and is_open

    def _end(self, failure: LinkError | OSError) -> None:
        self.failure = self.failure or failure
        self.stop.set()

    def _line(self, row: TrafficRow) -> str:
        when = self._anchor.local(row.at).strftime("%H:%M:%S.%f")[:-3]
        return f"{when} {SENDERS[row.side, row.direction]:<6} {summarise(row)}"

    def _document(self, row: TrafficRow) -> dict[str, Json]:
        document: dict[str, Json] = {
            "time": self._anchor.local(row.at).isoformat(timespec="milliseconds"),
            "from": SENDERS[row.side, row.direction],
            "kind": row.kind.name.lower(),
            "hex": hex_text(row.data, row.masked),
            "summary": summarise(row),
        }
        # A masked telegram has no valid checksum, and its summary has all that may be shown.
        if row.kind is RowKind.TELEGRAM and not row.masked:
            document |= _bus_telegram(row) if row.side is Side.MBUS else _readout(row)
        return document

    # State of the link

    def _state(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        if state is LinkState.OPEN:
            status.url = link.url
            self._report_open(status)
        elif state is LinkState.FAILED and cause is not None:
            self._end(cause)
        elif state is LinkState.WAITING and cause is not None and cause.message != self._last:
            self._last = cause.message
            complain(f"{cause.message} Listening resumes when it is available.")

    def _report_open(self, status: LinkStatus) -> None:
        self._last = None
        if self._open_reported:
            complain(f"listening on {status.url} again")
            return
        self._open_reported = True
        if self._json:
            emit_json({"listening": status.url, "side": status.side})
        else:
            complain(f"listening on {status.url}; Ctrl-C stops")

    def _found(self, status: LinkStatus, event: ListenerEvent) -> None:
        emit_listener_event(status, event, lambda level, code, message: complain(message))

    def _report_end(self) -> None:
        slaves = [slave for link in self.side.links for slave in link.slaves.values()]
        if self._json:
            counts = {"telegrams": self._telegrams, "damaged": self._damaged}
            emit_json({"ended": counts | {"slaves": [_slave(slave) for slave in slaves]}})
            return
        parts = [f"{self._telegrams} {'telegram' if self._telegrams == 1 else 'telegrams'}"]
        if self._damaged:
            parts.append(f"{self._damaged} damaged")
        if slaves:
            parts.append(f"{len(slaves)} {'slave' if len(slaves) == 1 else 'slaves'} answered")
        complain(", ".join(parts))


def _bus_telegram(row: TrafficRow) -> dict[str, Json]:
    try:
        return {"telegram": to_json_dict(decode_telegram(row.data), label)}
    except MBusError as error:
        return {"telegram": error_to_json_dict(error)}


def _readout(row: TrafficRow) -> dict[str, Json]:
    try:
        message = parse_message(row.data)
        return {"lines": split_readout(message.text)} if isinstance(message, DataMessage) else {}
    except Iec62056Error:
        return {}


def _slave(slave: ObservedSlave) -> dict[str, Json]:
    header = slave.header
    identity = {name: getattr(header, name, None) for name in ("id", "manufacturer", "version", "device_type")}
    return {"address": slave.address, "answers": slave.answers, **identity}
