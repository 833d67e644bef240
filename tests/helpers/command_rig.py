"""A module and its slave machine, spoken to by whole telegrams."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.meter_actions import MeterAction, Password
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.machine import Effects, Line, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.slave import Received, Slave, Verdict

ACK = b"\xe5"

LINES = ("F.F(00)", "C.1.0(33456789)", "1.8.0(061561.289*kWh)", "C.7.0(0000)", "32.7(231*V)", "C.5.0(0401)")


def long(payload: str | bytes, *, a: int = 1, c: int = 0x73) -> bytes:
    """A long (or control) frame from CI on."""
    body = bytes((c, a)) + (bytes.fromhex(payload) if isinstance(payload, str) else payload)
    return bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))


def short(c: int, a: int = 1) -> bytes:
    return bytes((0x10, c, a, c + a & 0xFF, 0x16))


class Session:
    """A meter's side that only remembers what it is asked; the test answers for the meter."""

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
        raise AssertionError("nothing here may call an exchange off")


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
        """The line falls silent, which ends a telegram that might have gone on."""
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
        """Status byte of a fresh RSP_UD."""
        self.send(short(0x40, 1))
        return self.send(short(c, a))[16]

    def effect(self) -> tuple[object, ...]:
        """Everything a command may change."""
        names = ("p1", "p2")
        return (
            self.module.settings,
            *(None if (found := self.secrets.get(name)) is None else found.reveal() for name in names),
            tuple(self.session.actions),
            self.module.control.display_text,
        )
