"""Slave machines that are sent whole telegrams: one with a small application, one with a CMi1020 behind it."""

from __future__ import annotations

from collections.abc import Sequence

from cmi_gui.engine.cmi1020.meter_actions import MeterAction, Password
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.machine import Abort, Effects, Line, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import AnswerExpired, Received, SpeedChanged, Verdict

HEADER = bytes.fromhex("78563412 9615 01 02")


class Application:
    """An application with three telegrams that contain the number of their snapshot; records every command."""

    def __init__(self) -> None:
        self.powered = True
        self.primary_address = 5
        self.line = Line(2400)
        self.own = Identity(HEADER)
        self.others: list[Identity] = []
        self.snapshots = 0
        self.access_number = 0
        self.sections = 3
        self.commands: list[tuple[int, bytes]] = []
        self.resets: list[bytes] = []
        self.speeds: list[int] = []
        self.chosen = ""

    def identities(self) -> Sequence[Identity]:
        return [self.own, *self.others]

    def selection_records(self) -> Sequence[SelectionRecord]:
        return [
            SelectionRecord(b"\x0c", b"\x78", bytes.fromhex("78563412")),
            SelectionRecord(b"\x04", b"\x03", bytes.fromhex("39300000")),
            SelectionRecord(b"\x02", b"\xfd\x49", bytes.fromhex("FB00")),
        ]

    def content(self) -> object:
        return self.chosen

    def snapshot(self, identity: Identity, now: float) -> Sequence[bytes]:
        self.snapshots += 1
        more = [bytes((0x01, 0x7F, self.snapshots, index)) + b"\x1f" for index in range(self.sections - 1)]
        return [*more, bytes((0x01, 0x7F, self.snapshots, self.sections - 1))]

    def header(self, identity: Identity, now: float) -> bytes:
        self.access_number += 1
        return identity.header + bytes((self.access_number & 0xFF, 0, 0, 0))

    def user_data(self, ci: int, data: bytes, now: float) -> None:
        self.commands.append((ci, data))

    def application_reset(self, data: bytes, now: float) -> None:
        self.resets.append(data)

    def speed_supported(self, baud: int) -> bool:
        return baud in (300, 2400)

    def speed_used(self, baud: int, now: float) -> None:
        self.speeds.append(baud)
        self.line = Line(baud)


class Bench:
    """A slave and a clock; answers are sent as early as allowed."""

    def __init__(self, *, has_speed: bool = True) -> None:
        self.app = Application()
        self.slave = Slave(self.app, has_speed=has_speed)
        self.now = 100.0
        self.verdicts: list[Verdict] = []
        self.events: list[object] = []
        self.writes: list[Write] = []
        self.actions: list[object] = []

    def send(self, telegram: str | bytes, *, after: float = 0.3) -> bytes:
        """Send bytes `after` seconds; return the slave's answer."""
        self.now += after
        data = bytes.fromhex(telegram) if isinstance(telegram, str) else telegram
        return self._take(self.slave.receive(data, self.now))

    def frame(self, frame: Frame, *, after: float = 0.3) -> bytes:
        return self.send(frame.to_bytes(), after=after)

    def tick(self, *, after: float) -> bytes:
        self.now += after
        return self._take(self.slave.tick(self.now))

    def _take(self, effects: Sequence[object]) -> bytes:
        answer = b""
        for effect in effects:
            match effect:
                case Write():
                    answer += effect.data
                    self.writes.append(effect)
                    self.now = effect.not_before + len(effect.data) * self.slave.line.char_time
                    self.events += self.slave.done(effect.token, SendOutcome.SENT, self.now)
                case SetLine() | Abort():
                    self.actions.append(effect)
                case Received():
                    self.verdicts.append(effect.verdict)
                case AnswerExpired() | SpeedChanged():
                    self.events.append(effect)
        return answer

    # Telegrams

    def nke(self, a: int = 5) -> bytes:
        return self.frame(Frame.short(0x40, a))

    def request(self, c: int = 0x7B, a: int = 5, *, after: float = 0.3) -> bytes:
        return self.frame(Frame.short(c, a), after=after)

    def command(self, payload: str, *, c: int = 0x73, a: int = 5, after: float = 0.3) -> bytes:
        data = bytes.fromhex(payload)
        return self.frame(Frame.long(c, a, data[0], data[1:]), after=after)

    def select(self, mask: str, *, c: int = 0x53) -> bytes:
        return self.frame(Frame.long(c, 0xFD, 0x52, bytes.fromhex(mask)))


def section_of(answer: bytes) -> tuple[int, int]:
    """Return snapshot and section of an answer of `Application`."""
    return answer[21], answer[22]


ACK = b"\xe5"

LINES = ("F.F(00)", "C.1.0(33456789)", "1.8.0(061561.289*kWh)", "C.7.0(0000)", "32.7(231*V)", "C.5.0(0401)")


def long(payload: str | bytes, *, a: int = 1, c: int = 0x73) -> bytes:
    """Return a long or control frame; `payload` begins with CI."""
    body = bytes((c, a)) + (bytes.fromhex(payload) if isinstance(payload, str) else payload)
    return bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))


def short(c: int, a: int = 1) -> bytes:
    return bytes((0x10, c, a, c + a & 0xFF, 0x16))


class Session:
    """A meter side that only records requests; the test answers for the meter."""

    def __init__(self) -> None:
        self.actions: list[MeterAction] = []
        self.shown: list[tuple[Password, Secret | None]] = []
        self.readouts = 0

    def start_readout(self) -> None:
        self.readouts += 1

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        self.actions.append(action)
        self.shown.append((password, secret))

    def abort(self) -> None:
        raise AssertionError("no exchange may be aborted here")


class Rig:
    """A module at primary address 1 that has read its meter once, and a slave machine in front of it."""

    def __init__(self) -> None:
        self.session = Session()
        self.secrets = SecretStore(None, "12345678")
        self.module = Cmi1020(
            "12345678",
            SettingsStore(None),
            self.secrets,
            self.session,
            lambda event, at: None,
        )
        self.slave = Slave(self.module, has_speed=True)
        self.now = 1000.0
        self.verdict: Verdict | None = None
        self.lines: list[Line] = []
        self.module.set_bus_voltage(24.0, self.now)
        self.module.tick(self.now)
        self.module.meter_read(LINES, self.now)
        assert self.send(long("51 01 7A 01", a=0)) == ACK

    def send(self, telegram: str | bytes, *, after: float = 0.3) -> bytes:
        self.now += after
        data = bytes.fromhex(telegram) if isinstance(telegram, str) else telegram
        return self._take(self.slave.receive(data, self.now))

    def idle(self) -> bytes:
        """Let the line be idle, which ends an incomplete telegram."""
        return self._take(self.slave.tick(self.now + 1))

    def _take(self, effects: Effects) -> bytes:
        answer = b""
        for effect in effects:
            match effect:
                case Write():
                    answer += effect.data
                    self.slave.done(effect.token, SendOutcome.SENT, effect.not_before)
                case SetLine():
                    self.lines.append(effect.line)
                case Received():
                    self.verdict = effect.verdict
        return answer

    def select(self) -> None:
        assert self.send("68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16") == ACK

    def status(self, *, a: int = 1, c: int = 0x5B) -> int:
        """Return the status byte of a new RSP_UD."""
        self.send(short(0x40, 1))
        return self.send(short(c, a))[16]

    def effect(self) -> tuple[object, ...]:
        """Return everything that a command can change."""
        names = ("p1", "p2")
        return (
            self.module.settings,
            *(None if (found := self.secrets.get(name)) is None else found.reveal() for name in names),
            tuple(self.session.actions),
            self.module.control.display_text,
        )
