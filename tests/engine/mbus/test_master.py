"""The master machine: time-outs, retries, noise; its procedures are tried in `test_station.py`."""

from __future__ import annotations

import pytest

from cmi_gui.engine.machine import Line, SendOutcome, Write
from cmi_gui.engine.mbus.allowance import Allowance
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Master, ProcedureFinished
from cmi_gui.engine.mbus.procedures import SlaveReading, read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes

RESPONSE = Frame.long(0x08, 5, 0x72, bytes.fromhex("78563412 9615 01 02 00 00 0000 01FD1B00"))


class Wire:
    """A master that runs one procedure; the test plays the slave."""

    def __init__(self, procedure: Procedure) -> None:
        self.master = Master(Line(2400), Allowance(0.0, fixed=True))
        self.now = 10.0
        self.sent: list[bytes] = []
        self.end: ProcedureFinished | None = None
        self._take(self.master.start(procedure, self.now))

    def _take(self, effects: object) -> None:
        for effect in effects:  # type: ignore[attr-defined]
            match effect:
                case Write():
                    self.sent.append(effect.data)
                    self.now += len(effect.data) * 11 / 2400
                    self._take(self.master.done(effect.token, SendOutcome.SENT, self.now))
                case ProcedureFinished():
                    self.end = effect

    def receive(self, data: bytes, *, after: float = 0.01) -> None:
        self.now += after
        self._take(self.master.receive(data, self.now))

    def wait(self) -> None:
        """Advance the time to the next deadline."""
        assert self.master.deadline is not None
        self.now = max(self.now, self.master.deadline)
        self._take(self.master.tick(self.now))


def ask(expect: Expect, retries: int = 2) -> Procedure:
    answer: Answer = yield Exchange(Frame.short(0x40, 5), expect, retries)
    return answer


def answer_of(wire: Wire) -> Answer:
    assert wire.end is not None
    assert isinstance(wire.end.result, Answer)
    return wire.end.result


def test_silence_is_tried_three_times_with_the_whole_window_each() -> None:
    wire = Wire(ask(Expect.ACK))
    start = wire.now
    while wire.end is None:
        wire.wait()
    assert wire.sent == [Frame.short(0x40, 5).to_bytes()] * 3
    assert answer_of(wire) == Answer(AnswerKind.SILENCE, None, b"", 3)
    assert wire.now - start >= 3 * (330 / 2400 + 0.05)


@pytest.mark.parametrize("received", [b"\xe5", b"\xfd\xe5", b"\xa5\xfc\xe5"])
def test_an_ack_may_have_a_few_stray_bytes_before_it(received: bytes) -> None:
    wire = Wire(ask(Expect.ACK))
    wire.receive(received)
    wire.wait()
    assert answer_of(wire).kind is AnswerKind.ACK


def test_an_e5_inside_noise_is_no_ack() -> None:
    wire = Wire(ask(Expect.ACK, retries=0))
    wire.receive(bytes(range(256)))
    while wire.end is None:
        wire.wait()
    assert answer_of(wire).kind is AnswerKind.GARBLED


def test_the_echo_of_a_level_converter_is_ignored() -> None:
    wire = Wire(ask(Expect.ACK))
    wire.receive(Frame.short(0x40, 5).to_bytes() + b"\xe5")
    wire.wait()
    assert answer_of(wire).kind is AnswerKind.ACK


@pytest.mark.parametrize(
    ("noise", "kind"),
    [
        (b"\xaa", AnswerKind.GARBLED),
        (b"\x68", AnswerKind.GARBLED),
        (b"\x10", AnswerKind.GARBLED),
        (bytes(50), AnswerKind.SILENCE),
    ],
)
def test_a_line_that_never_rests_ends_every_exchange(noise: bytes, kind: AnswerKind) -> None:
    wire = Wire(ask(Expect.RESPONSE))
    for _ in range(2000):
        if wire.end is not None:
            break
        deadline = wire.master.deadline
        if deadline is not None and deadline <= wire.now + 0.02:
            wire.wait()
        else:
            wire.receive(noise, after=0.02)
    assert answer_of(wire).kind is kind
    assert answer_of(wire).tries == 3


def test_an_answer_in_pieces_is_waited_for() -> None:
    wire = Wire(ask(Expect.RESPONSE))
    for byte in RESPONSE.to_bytes():
        wire.receive(bytes((byte,)), after=0.03)
    wire.wait()
    assert answer_of(wire).frame == RESPONSE


def test_a_damaged_answer_is_asked_for_again_with_the_same_fcb() -> None:
    wire = Wire(read_slave(SlaveAddress(5)))
    wire.receive(b"\xe5")
    wire.wait()
    wire.wait()
    damaged = bytearray(RESPONSE.to_bytes())
    damaged[-2] ^= 1
    wire.receive(bytes(damaged))
    while len(wire.sent) < 3:
        wire.wait()
    assert wire.sent[1] == wire.sent[2] == Frame.short(0x7B, 5).to_bytes()
    wire.receive(RESPONSE.to_bytes())
    wire.wait()
    assert wire.end is not None
    assert wire.end.result == SlaveReading((RESPONSE,))


def test_a_selection_without_an_answer_is_not_found() -> None:
    wire = Wire(read_slave(SlaveAddress(selection=mask_bytes("12345678"))))
    while wire.end is None:
        wire.wait()
    assert isinstance(wire.end.error, ProcedureFailed)
    assert wire.end.error.code == "not_found"


def test_cancelling_emits_no_event() -> None:
    wire = Wire(ask(Expect.RESPONSE))
    wire._take(wire.master.cancel(wire.now))
    assert not wire.master.busy
    assert wire.master.deadline is None
    assert wire.end is None


@pytest.mark.parametrize(
    ("mask", "field"),
    [
        ("12345678", "78563412 FFFF FF FF"),
        ("1234FFFF", "FFFF3412 FFFF FF FF"),
        ("1234567896150102", "78563412 9615 01 02"),
    ],
)
def test_masks(mask: str, field: str) -> None:
    assert mask_bytes(mask) == bytes.fromhex(field)
