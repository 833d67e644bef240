"""The replay of a capture: which telegrams of the master are sent again, and how the new answers differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.telegram import Telegram, TelegramKind, decode_telegram
from cmi_gui.engine.mbus.wording import byte_count, error_message, record_message, telegram_message, value_message
from cmi_gui.engine.messages import Argument, Message
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow

_MASKED = Message("not sent: it has masked bytes, such as a password")
_DAMAGED = Message("not sent: it is damaged in the capture")
_ABSENT = Message("absent")


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """A telegram of the master in a capture.

    `index`: of its row. `offset`: seconds after the first one. `skipped`: why it is not sent; None if it is sent.
    `masked`: it has masked bytes.
    `recorded`: the answer in the capture, None for silence; `seconds`: from the end of the telegram to that of the
    answer.
    """

    index: int
    telegram: bytes
    offset: float
    skipped: Message | None = None
    masked: bool = False
    recorded: bytes | None = None
    seconds: float | None = None


class ReplayOutcome(Enum):
    """The comparison of the answers to one telegram."""

    SAME = "same"
    """Equal but for access number and checksum, or silence both times."""
    DIFFERENT = "different"
    NO_ANSWER = "no answer"
    """Only the capture has an answer."""
    ONLY_NOW = "only now"
    """The capture has no answer."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """A field that differs: its name, and its content in the recorded and in the new answer."""

    name: Argument
    recorded: Argument
    now: Argument


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of a comparison, with the fields that differ."""

    outcome: ReplayOutcome
    differences: tuple[AnswerDifference, ...] = ()


def plan_replay(rows: Iterable[TrafficRow]) -> list[ReplayStep]:
    """Return a step for each telegram of the master on the M-Bus side, in the order of the rows.

    The first answer after it on the same link belongs to it. Damaged telegrams and those with masked bytes are skipped.
    """
    steps: list[ReplayStep] = []
    open_steps: dict[str, int] = {}
    """The step that waits for its answer, by link."""
    times: list[float] = []
    for row in rows:
        if row.side is not Side.MBUS or row.kind in (RowKind.BAD_LINE, RowKind.BREAK, RowKind.LINE_ERROR):
            continue
        if row.direction is Direction.RECEIVED:
            sound = row.kind is RowKind.TELEGRAM
            skipped = _MASKED if row.masked else None if sound else _DAMAGED
            open_steps[row.link] = len(steps)
            times.append(row.at)
            steps.append(ReplayStep(row.index, row.data, row.at - times[0], skipped, bool(row.masked)))
        elif row.kind is not RowKind.EXPIRED and (at := open_steps.pop(row.link, None)) is not None:
            steps[at] = replace(steps[at], recorded=row.data, seconds=max(0.0, row.at - times[at]))
    return steps


def compare_answers(recorded: bytes | None, now: bytes | None) -> Comparison:
    """Compare a recorded answer with a new one, both with their secrets masked; None is silence."""
    if recorded is None or now is None:
        if recorded is now:
            return Comparison(ReplayOutcome.SAME)
        return Comparison(ReplayOutcome.NO_ANSWER if now is None else ReplayOutcome.ONLY_NOW)
    if recorded == now:
        return Comparison(ReplayOutcome.SAME)
    differences = tuple(_differences(recorded, now))
    return Comparison(ReplayOutcome.DIFFERENT if differences else ReplayOutcome.SAME, differences)


def _differences(recorded: bytes, now: bytes) -> Iterator[AnswerDifference]:
    before, after = _decoded(recorded), _decoded(now)
    if isinstance(before, MBusError) and isinstance(after, MBusError):
        yield from _hex_difference(Message("bytes"), recorded, now)
    elif isinstance(before, MBusError) or isinstance(after, MBusError) or before.kind is not after.kind:
        yield AnswerDifference(Message("telegram"), _words(before), _words(after))
    elif before.kind is TelegramKind.DATA and not before.encrypted and not after.encrypted:
        yield from _in_headers(before, after)
        yield from _in_records(before, after)
        yield from _hex_difference(Message("manufacturer data"), before.manufacturer_data, after.manufacturer_data)
        yield from _hex_difference(Message("bytes that cannot be decoded"), before.rest, after.rest)
        if before.more_follows is not after.more_follows:
            states = (Message("the last telegram"), Message("more follows"))
            yield AnswerDifference(Message("series"), states[before.more_follows], states[after.more_follows])
    else:
        yield from _hex_difference(Message("bytes"), recorded, now)


def _decoded(data: bytes) -> Telegram | MBusError:
    try:
        return decode_telegram(data)
    except MBusError as error:
        return error


def _words(telegram: Telegram | MBusError) -> Argument:
    return telegram_message(telegram) if isinstance(telegram, Telegram) else error_message(telegram)


def _hex_difference(name: Message, before: bytes, after: bytes) -> Iterator[AnswerDifference]:
    if before != after:
        yield AnswerDifference(name, hex_text(before, ()) or byte_count(0), hex_text(after, ()) or byte_count(0))


def _in_headers(before: Telegram, after: Telegram) -> Iterator[AnswerDifference]:
    yield from _number_difference(Message("C field"), before.frame.c, after.frame.c)
    yield from _number_difference(Message("CI field"), before.frame.ci, after.frame.ci)
    if before.frame.a != after.frame.a:
        yield AnswerDifference(Message("address"), before.frame.a, after.frame.a)
    old, new = before.header, after.header
    if old is None or new is None:
        return
    if old.id != new.id:
        yield AnswerDifference(Message("identification"), old.id or _ABSENT, new.id or _ABSENT)
    if old.manufacturer != new.manufacturer:
        yield AnswerDifference(Message("manufacturer"), old.manufacturer or _ABSENT, new.manufacturer or _ABSENT)
    yield from _number_difference(Message("version"), old.version, new.version)
    yield from _number_difference(Message("device type"), old.device_type, new.device_type)
    yield from _number_difference(Message("status"), old.status, new.status)
    yield from _number_difference(Message("signature"), old.signature, new.signature)


def _number_difference(name: Message, before: int | None, after: int | None) -> Iterator[AnswerDifference]:
    if before != after:
        yield AnswerDifference(name, *(_ABSENT if each is None else f"{each:02X}" for each in (before, after)))


def _in_records(before: Telegram, after: Telegram) -> Iterator[AnswerDifference]:
    old, new = _by_key(before.records), _by_key(after.records)
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        known = one or other
        assert known is not None
        if one is None or other is None or one.raw != other.raw:
            yield AnswerDifference(record_message(known), _value(one), _value(other))


def _by_key(records: Iterable[Record]) -> dict[tuple[bytes, bytes, int], Record]:
    """Return records by DIB, VIB, and how many of the same there were before."""
    found: dict[tuple[bytes, bytes, int], Record] = {}
    for record in records:
        number = 0
        while (record.dib, record.vib, number) in found:
            number += 1
        found[record.dib, record.vib, number] = record
    return found


def _value(record: Record | None) -> Argument:
    return _ABSENT if record is None else value_message(record)
