"""P1 and P2 are written over the bus, used, refused, damaged and lost, and nothing that the engine shows has them.

Searched for are the text itself, the text read backwards (as it travels on the M-Bus) and both in hex.
"""

from __future__ import annotations

import logging
import shutil
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.events import Stamped
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.room.status import status_of
from cmi_gui.engine.traffic.store import Side, TrafficRow
from cmi_gui.engine.traffic.summaries import summarise
from tests.engine.station.test_commands_end_to_end import profile_with
from tests.helpers.lines import control
from tests.helpers.module_bench import ModuleBench, text_command
from tests.helpers.private import is_private
from tests.helpers.station_bench import readings_of

P1, P2 = "Zq7#kX%p", "y&9Wv+Jd"
OTHER = "uN3$hG@b"
RATE_3 = bytes.fromhex("01 FF 13 03")


def forms(secret: str) -> Iterator[str]:
    for text in (secret, secret[::-1]):
        raw = text.encode("ascii")
        yield text
        for digits in (raw.hex(), raw.hex(" ")):
            yield digits
            yield digits.upper()


def shows(text: str, *secrets: str) -> bool:
    return any(form in text for secret in secrets for form in forms(secret))


def holds(data: bytes, *secrets: str) -> bool:
    return any(form.encode("ascii") in data for secret in secrets for form in (secret, secret[::-1]))


def events_of(bench: ModuleBench) -> list[Stamped]:
    return bench.subscription.drain()


def rows_of(bench: ModuleBench) -> list[TrafficRow]:
    return [bench.station.traffic.row(index) for index in range(len(bench.station.traffic))]


class RawMaster:
    """A master that sends bytes unchanged, also damaged ones, and ignores answers."""

    def __init__(self, bench: ModuleBench) -> None:
        self._clock = bench.clock
        self._link: Link = bench.station.connect_master()
        self._link.open(self)

    def send(self, data: bytes) -> None:
        self._link.send(1, data, self._clock.now(), self._clock.now() + 1)
        self._clock.advance(1.0)

    def received(self, data: bytes, last_byte_at: float) -> None: ...

    def line_event(self, kind: LineEvent, at: float) -> None: ...

    def done(self, token: int, outcome: SendOutcome, at: float) -> None: ...

    def state(self, state: LinkState, cause: LinkError | None) -> None: ...


def everything_shown(bench: ModuleBench, events: list[Stamped]) -> Iterator[str]:
    """Whatever a person, a log or a file may get to see of a station."""
    station = bench.station
    for event in events:
        yield repr(event)
        yield str(event)
        yield msgspec.json.encode(event).decode()
    for row in rows_of(bench):
        yield repr(row)
        yield row.data.decode("latin-1")
        yield summarise(row)
    module = station.module
    for thing in (
        *(station, station.config, station.secrets, station.meter_profile, station.traffic, station.link_status),
        *(module, module.settings, module.control, module.control.actions, module.commands, readings_of(module)),
        *(module.control.__dict__, module.__dict__, station.__dict__),
        *(bench.meter, bench.meter.commands, bench.meter.faults, bench.meter.__dict__, station.secrets.problem),
        *(
            station.secrets.where,
            status_of(station, station.point),
            control(station, "status"),
            control(station, "help"),
        ),
    ):
        yield repr(thing)
        yield str(thing)


def test_nothing_shown_has_a_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "state"
    folder.mkdir()
    profile = profile_with(tmp_path, p1=f'"{P1}"', p2=f'"{P2}"', disconnector='"P2"')
    bench = ModuleBench(state_dir=folder, meter_profile=profile)
    events = events_of(bench)
    raw = RawMaster(bench)
    for name, secret in (("p1", P1), ("p2", P2)):
        good = Frame.long(0x73, 0, 0x51, text_command(name, secret)).to_bytes()
        code = bytes.fromhex("FD 16" if name == "p1" else "FD 19")
        spelled = bytes((code[0], code[1] | 0x80, 0))
        backwards = secret.encode("ascii")[::-1]
        for telegram in (
            good,
            good[:-2] + bytes((good[-2] ^ 1, 0x16)),  # wrong checksum
            good[:-1] + b"\x17",  # wrong stop
            good[:1] + b"\x20" + good[2:],  # wrong length
            good[:-4],  # broken off
            good[3:],  # without its start
            b"\x00\xff" + good,
            Frame.long(0x73, 77, 0x51, text_command(name, secret)).to_bytes(),  # for another slave
            Frame.long(0x53, 0xFD, 0x51, text_command(name, secret)).to_bytes(),  # for a selected one
            Frame.long(0x43, 0xFF, 0x51, text_command(name, secret)).to_bytes(),  # for all
            Frame.long(0x73, 0, 0x51, b"\x07" + code + backwards).to_bytes(),
            Frame.long(0x73, 0, 0x51, b"\x07" + spelled + backwards).to_bytes(),
            Frame.long(0x73, 0, 0x51, b"\x0d" + spelled + b"\x08" + backwards).to_bytes(),
            Frame.long(0x73, 0, 0x51, b"\x01\x7a\x00" + text_command(name, secret) + b"\x01\xff\x13\x09").to_bytes(),
            Frame.long(0x73, 0, 0x51, b"\x01\x13\x05" + text_command(name, secret)).to_bytes(),  # unknown in front
            Frame.long(0x73, 0, 0x51, text_command(name, secret + "x")).to_bytes(),  # too long
            Frame.long(0x73, 0, 0x51, text_command(name, secret[:-1] + "(")).to_bytes(),  # cannot be sent to a meter
            Frame.long(0x73, 0, 0x51, b"\x0d" + code + b"\x7f" + backwards).to_bytes(),  # the data break off
            Frame.long(0x73, 0, 0x51, b"\x0c" + code + backwards).to_bytes(),  # wrong data field
        ):
            raw.send(telegram)
            raw.send(good)
    bench.send(bytes.fromhex("01 7C 03 65 73 75 19"))
    bench.clock.advance(20)
    bench.send(RATE_3 + text_command("display", "HELLO") + bytes.fromhex("01 FD 1F 00"))
    bench.clock.advance(40)
    assert [outcome for _, _, outcome in bench.outcomes()][-3:] == ["done"] * 3, "the right passwords were used"
    bench.send(text_command("p1", OTHER))
    bench.send(RATE_3)
    bench.clock.advance(10)
    assert bench.station.module.state().rate_error == "denied"
    bench.meter.faults.garbled = True
    bench.clock.advance(200)
    events += events_of(bench)
    shown = list(everything_shown(bench, events))
    assert len(shown) > 500
    found = [text[:300] for text in shown if shows(text, P1, P2, OTHER)]
    assert found == []
    assert not shows(caplog.text, P1, P2, OTHER)
    bench.station.stop()


def test_the_search_finds_what_is_not_secret() -> None:
    """The same search, for a text that may be seen: so it would find a password too."""
    bench = ModuleBench()
    bench.send(text_command("display", "CODE-123"))
    bench.clock.advance(10)
    shown = list(everything_shown(bench, events_of(bench)))
    assert sum(shows(text, "CODE-123") for text in shown) >= 4


def test_masked_rows_are_marked_and_hide_the_checksum_too() -> None:
    bench = ModuleBench()
    bench.send(text_command("p1", P1))
    bench.send(RATE_3)
    bench.clock.advance(10)
    masked = [row for row in rows_of(bench) if row.masked]
    assert {row.side for row in masked} == {Side.MBUS, Side.METER}
    (bus,) = [row for row in masked if row.side is Side.MBUS]
    telegram = Frame.long(0x73, 0, 0x51, text_command("p1", P1)).to_bytes()
    hidden = {index for first, behind in bus.masked for index in range(first, behind)}
    assert {len(telegram) - 2} | set(range(telegram.index(P1[::-1].encode()), len(telegram) - 2)) <= hidden
    assert all(bus.data[index] == 0 for index in hidden)
    assert all(bus.data[index] == telegram[index] for index in range(len(telegram)) if index not in hidden)
    (login,) = [row for row in masked if row.side is Side.METER]
    hidden = {index for first, behind in login.masked for index in range(first, behind)}
    assert login.data.startswith(b"\x01P1\x02")
    assert hidden == set(range(4, len(login.data))), "data set, ETX and BCC"
    assert all("masked" in summarise(row) for row in masked)


@pytest.mark.parametrize("cut", [9, 10, 11, 13, 15])
def test_a_password_telegram_with_a_pause_in_it_is_masked_in_both_pieces(cut: int) -> None:
    bench = ModuleBench()
    raw = RawMaster(bench)
    telegram = Frame.long(0x73, 0, 0x51, text_command("p1", P1)).to_bytes()
    raw.send(telegram[:cut])
    raw.send(telegram[cut:])  # a second later
    pieces = [row for row in rows_of(bench) if row.side is Side.MBUS]
    assert len(pieces) >= 2
    assert not holds(b"".join(row.data for row in pieces), P1[2:], P1[:4])


def test_one_file_of_the_state_folder_has_it_readable_by_its_owner_only(tmp_path: Path) -> None:
    bench = ModuleBench(state_dir=tmp_path)
    bench.send(text_command("p1", P1) + text_command("p2", P2))
    bench.station.stop()
    having = [path for path in tmp_path.rglob("*") if path.is_file() and holds(path.read_bytes(), P1, P2)]
    assert [path.name for path in having] == ["secrets.toml"]
    assert is_private(having[0])
    for name, secret in (("p1", P1), ("p2", P2)):
        stored = SecretStore(tmp_path, "12345678").get(name)
        assert stored is not None
        assert stored.reveal() == secret


def test_the_factory_reset_deletes_every_password(tmp_path: Path) -> None:
    bench = ModuleBench(state_dir=tmp_path)
    bench.send(text_command("p1", P1) + text_command("p2", P2))
    RawMaster(bench).send(Frame.long(0x73, 0, 0x50, b"\xb0").to_bytes())
    bench.station.stop()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and holds(path.read_bytes(), P1, P2)]


def test_a_password_that_cannot_be_stored_is_not_shown_either(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    bench = ModuleBench(state_dir=folder)
    for thread in threading.enumerate():
        if thread.name == "meter memory":
            # It may still write into the folder.
            thread.join()
    shutil.rmtree(folder)
    folder.write_text("a file in the way")
    bench.send(text_command("p1", P1))
    events = events_of(bench)
    assert any("a password could not be saved" in repr(event) for event in events)
    assert not any(shows(repr(event), P1) for event in events)
    bench.station.stop()


# Exceptions, with the variables of every frame


def shown_with_locals(error: BaseException) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def test_an_unwritable_store_raises_without_the_password(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    store = SecretStore(folder, "12345678")
    folder.rmdir()
    folder.write_text("a file in the way")
    secret = Secret(P1)
    with pytest.raises(OSError) as failed:
        store.set("p1", secret)
    assert not shows(shown_with_locals(failed.value), P1)


@pytest.mark.parametrize("value", [P1 + "9", P1[:-1] + "\n", P1[:-1] + "\u00e5"])
def test_a_refused_password_is_not_in_the_words(value: str) -> None:
    table = CommandTable(load_module_profile())
    row = table.profile.row("p1")
    for refuse in (lambda: table.check(row, value), lambda: table.parse(row, value), lambda: table.encode("p1", value)):
        with pytest.raises(CommandInvalid) as refused:
            refuse()
        assert not shows(str(refused.value), P1[:7])


@pytest.mark.parametrize("value", [P1 + "\x02", P1 + "\x03", P1 + "\u00e5"])
def test_a_login_that_cannot_be_sent_is_not_in_the_words(value: str) -> None:
    with pytest.raises(Iec62056Error) as refused:
        plain_login(value)("")
    assert not shows(str(refused.value), P1)
    assert not shows(repr(refused.value), P1)


def test_commands_and_secrets_hide_their_data() -> None:
    table = CommandTable(load_module_profile())
    commands = table.read(text_command("p1", P1))
    assert commands is not None
    assert commands[0].value == P1
    login = plain_login(P1)("")
    assert login.dataset == f"({P1})"
    for thing in (commands, commands[0], login, Secret(P1), {"p1": Secret(P1)}):
        assert not shows(repr(thing), P1)
        assert not shows(f"{thing}", P1)
