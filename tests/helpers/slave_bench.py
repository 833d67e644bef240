"""A slave with a small, fully known application, and short ways to speak to it."""

from __future__ import annotations

from collections.abc import Sequence

from cmi_gui.engine.machine import Abort, Line, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord
from cmi_gui.engine.mbus.slave import AnswerExpired, Received, Slave, SpeedChanged, Verdict

HEADER = bytes.fromhex("78563412 9615 01 02")


class Application:
    """Three telegrams that tell which snapshot they belong to; remembers every command."""

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
    """Speaks to a slave at times that it keeps; answers leave as early as they may."""

    def __init__(self, *, has_speed: bool = True) -> None:
        self.app = Application()
        self.slave = Slave(self.app, has_speed=has_speed)
        self.now = 100.0
        self.verdicts: list[Verdict] = []
        self.events: list[object] = []
        self.writes: list[Write] = []
        self.actions: list[object] = []

    def send(self, telegram: str | bytes, *, after: float = 0.3) -> bytes:
        """Send bytes `after` seconds; returns what the slave answers."""
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
    """Snapshot and section that an answer of `Application` tells."""
    return answer[21], answer[22]
