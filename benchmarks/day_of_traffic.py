"""A day on a bus of 250 modules, each with its meter: rows of traffic for benchmarks.

In `rows` they are distinct as real ones are: every answer has its own access number and values, every module its
identification number and address, and every readout its own time. Requests repeat, as they do on a bus: there are 500
of them. In `distinct_rows` no two telegrams are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from cmi_gui.engine.iec62056.message import Command, DataMessage, Identification, OptionSelect, Request
from cmi_gui.engine.mbus.frame import FCB, REQ_UD2, RSP_UD, SND_UD, Frame
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficStore

SECONDS_A_ROW = 0.0864
"""A million rows a day."""
Row = tuple[float, Side, Direction, RowKind, int | None, str, bytes, tuple[()], str, int, float]
"""The arguments of `TrafficStore.append`."""
_Piece = tuple[Side, Direction, RowKind, int | None, bytes]
_MODULES = 250
_BUS, _METER = "tcp://192.168.1.40:10001", "serial:/dev/ttyUSB0"
_ACK = b"\xe5"
_IDENTIFICATION = Identification("LGZ", "4", r"\2ZMF120AC.M23").to_bytes()
_SIGN_ON, _READOUT, _PROGRAMMING = Request().to_bytes(), OptionSelect("4", "0"), OptionSelect("4", "1")
_BEGAN = datetime(2026, 11, 20)
_DAMAGED_EVERY, _SILENT_EVERY = 397, 811
"""Polls; prime numbers, so that every module is concerned."""


def rows() -> Iterator[Row]:
    """Yield rows without end, always the same."""
    return _endless(_cycle)


def distinct_rows() -> Iterator[Row]:
    """Yield rows without end, always the same, of which no two have the same bytes."""
    return _endless(_distinct_cycle)


def _endless(cycle: Callable[[int], Iterator[_Piece]]) -> Iterator[Row]:
    at, poll = 0.0, 0
    while True:
        for side, direction, kind, address, data in cycle(poll):
            at += SECONDS_A_ROW
            link, took = (_BUS, 0.0) if side is Side.MBUS else (_METER, len(data) / 480)
            yield at, side, direction, kind, address, link, data, (), "", 2400, took
        poll += 8


def fill(store: TrafficStore, source: Iterator[Row], count: int) -> None:
    """Append the next rows of `source` to the store."""
    for _ in range(count):
        store.append(*next(source))


def _distinct_cycle(poll: int) -> Iterator[_Piece]:
    """Yield 20 rows: eight commands with date, time and a running number with their answers, one session."""
    received, sent, telegram = Direction.RECEIVED, Direction.SENT, RowKind.TELEGRAM
    for number in range(poll, poll + 8):
        module = number % _MODULES
        when = _BEGAN + timedelta(minutes=number)
        date = bytes((when.minute, when.hour, when.day | when.year % 8 << 5, when.month | when.year % 100 // 8 << 4))
        data = b"\x04\x6d" + date + b"\x0c\x78" + bytes.fromhex(f"{number:08}")[::-1]
        yield Side.MBUS, received, telegram, module + 1, Frame.long(SND_UD, module + 1, 0x51, data).to_bytes()
        yield Side.MBUS, sent, telegram, module + 1, _answer(module, number)
    yield Side.METER, sent, telegram, None, Request(f"{50200000 + poll}").to_bytes()
    yield Side.METER, received, telegram, None, Identification("LGZ", "4", f"ZMF{poll:08}.M23").to_bytes()
    register = f"{1 + poll % 3}.8.{poll % 5}"
    yield Side.METER, sent, telegram, None, Command("R", "1", f"{register}({poll:08})").to_bytes()
    yield Side.METER, received, telegram, None, _readout(poll)


def _cycle(poll: int) -> Iterator[_Piece]:
    """Yield 20 rows: seven polls by primary address, one by secondary address, one session with a meter."""
    received, sent, telegram = Direction.RECEIVED, Direction.SENT, RowKind.TELEGRAM
    for number in range(poll, poll + 7):
        module, fcb = number % _MODULES, FCB * (number // _MODULES % 2)
        yield Side.MBUS, received, telegram, module + 1, Frame.short(REQ_UD2 | fcb, module + 1).to_bytes()
        if number % _SILENT_EVERY:
            answer = _answer(module, number)
            if number % _DAMAGED_EVERY:
                yield Side.MBUS, sent, telegram, module + 1, answer
            else:
                yield Side.MBUS, sent, RowKind.BAD_CHECKSUM, None, answer[:40] + b"\xff" + answer[41:]
    number = poll + 7
    module = number % _MODULES
    selection = Frame.long(SND_UD, 253, 0x52, _id(module) + b"\xff" * 4).to_bytes()
    yield Side.MBUS, received, telegram, 253, selection
    yield Side.MBUS, sent, telegram, None, _ACK
    yield Side.MBUS, received, telegram, 253, Frame.short(REQ_UD2, 253).to_bytes()
    yield Side.MBUS, sent, telegram, module + 1, _answer(module, number)
    yield Side.METER, sent, telegram, None, _SIGN_ON
    yield Side.METER, received, telegram, None, _IDENTIFICATION
    if poll // 8 % 2:
        yield Side.METER, sent, telegram, None, _READOUT.to_bytes()
        yield Side.METER, received, telegram, None, _readout(number)
    else:
        register = f"{1 + number % 3}.8.{number % 5}"
        yield Side.METER, sent, telegram, None, Command("R", "1", f"{register}()").to_bytes()
        yield Side.METER, received, telegram, None, DataMessage(f"{register}({number / 8:010.3f}*kWh)").to_bytes()


def _id(module: int) -> bytes:
    return bytes.fromhex(f"{50100000 + 37 * module:08}")[::-1]


def _answer(module: int, number: int) -> bytes:
    """Return the answer of a module to the poll with this number."""
    turn = number // _MODULES
    energy = 1_000_000 * (module + 1) + 13 * turn
    values = [
        *((head, energy // (part + 1), 4) for part, head in enumerate((b"\x04\x03", b"\x84\x10\x03", b"\x84\x20\x03"))),
        (b"\x04\x2b", 200 + number * 7919 % 9000, 4),
        *((b"\x02\xfd\xc8\xff" + bytes((1 + line,)), 2300 + number * (line + 3) % 97, 2) for line in range(2)),
        *((b"\x04\xfd\xd9\xff" + bytes((1 + line,)), number * (line + 5) % 16000, 4) for line in range(2)),
    ]
    data = b"".join(head + value.to_bytes(size, "little") for head, value, size in values)
    head = _id(module) + b"\x96\x15\x01\x02" + bytes((turn & 0xFF, 0, 0, 0))
    return Frame.long(RSP_UD, module + 1, 0x72, head + data).to_bytes()


def _readout(number: int) -> bytes:
    """Return the readout of a meter: 22 lines."""
    when = _BEGAN + timedelta(seconds=number)
    energies = (f"{code}.8.{rate}({(number * (code + rate)) / 8:010.3f}*kWh)" for code in (1, 2) for rate in range(5))
    voltages = (f"{31 + 20 * line}.7({number * (line + 1) % 9973 / 1000:07.3f}*A)" for line in range(3))
    lines = [
        "F.F(00000000)",
        f"0.0.0({50200000 + 41 * (number % _MODULES):08})",
        f"0.9.1({when:%H%M%S})",
        f"0.9.2({when:%y%m%d})",
        *energies,
        *voltages,
        *(f"{32 + 20 * line}.7({227 + number % (7 + line)}*V)" for line in range(3)),
        f"C.1.0({number % 100000:08})",
        "0.2.0(M23)",
    ]
    return DataMessage("".join(f"{line}\r\n" for line in lines) + "!\r\n").to_bytes()
