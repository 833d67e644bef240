"""The parser of received characters into messages, common to both roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode
from cmi_gui.engine.iec62056.message import ACK, EOT, ETX, NAK, SOH, STX, Handshake, MeterMessage, parse_message
from cmi_gui.engine.messages import Message

_SLASH: Final = ord("/")
_LF: Final = ord("\n")
_LINE_LIMIT: Final = 80
"""Characters; more than any legal request (37) or identification with its escape pairs."""
_NOISE_LIMIT: Final = 256
_IN_ORDER: Final = 80
"""Consecutive characters allowed in a message that hardly occur by chance."""
_ALLOWED: Final = bytes((*range(0x20, 0x7F), *b"\r\n"))


class Damage(Enum):
    """The kind of damage in received characters."""

    NOISE = "noise"
    """Characters outside any message."""
    GARBLED = "garbled"
    """A message with a character whose bit 7 is set."""
    BAD_BCC = "bad_bcc"
    SYNTAX = "syntax"
    """A complete and undamaged message that IEC 62056-21 does not allow."""
    TOO_LONG = "too_long"
    INCOMPLETE = "incomplete"
    """A message that was interrupted by another one or by silence."""


_DAMAGE_OF: Final = {IecErrorCode.GARBLED: Damage.GARBLED, IecErrorCode.BCC: Damage.BAD_BCC}


@dataclass(frozen=True, slots=True)
class Damaged:
    """Received characters that are not a message; `raw` is kept out of logs because it may contain a password."""

    kind: Damage
    detail: Message
    raw: bytes = field(repr=False)


StreamEvent = MeterMessage | Damaged


class _State(Enum):
    BETWEEN = "between"
    LINE = "line"
    BLOCK = "block"
    BCC = "bcc"


_IN_LINE: Final = re.compile(rb"[\x01\x02\x06\n/]")
_IN_BLOCK: Final = re.compile(rb"[\x01-\x04]")
"""Characters that may begin or end a message, in a line and in a block."""


class StreamParser:
    """A parser of characters into messages; the size of the chunks makes no difference.

    The BCC is exactly one character after ETX or EOT, of any value. A character with bit 7 set (a parity error passed
    on by the link) makes its message `Damage.GARBLED`. After damage the next start character begins a new message.

    `option_select`: whether an ACK starts an option select (for a tariff device that has identified itself) or is a
    complete message. `lines_only`: only lines are expected, which begin with a slash, so a stray SOH or STX does not
    start a block. `block_limit`: the largest number of characters of a block.
    """

    def __init__(self, *, block_limit: int = 1 << 20) -> None:
        self.option_select = False
        self.lines_only = False
        self._block_limit = block_limit
        self._state = _State.BETWEEN
        self._raw = bytearray()
        self.raw = b""
        """The characters of the last complete message of more than one."""

    @property
    def pending(self) -> bool:
        """True while a message or noise is unfinished."""
        return bool(self._raw)

    @property
    def inside(self) -> bool:
        """True while a message is unfinished; noise does not count."""
        return self._state is not _State.BETWEEN

    @property
    def in_order(self) -> bool:
        """True while a message is unfinished whose last 80 characters are all allowed in one."""
        return len(self._raw) > _IN_ORDER and self.inside and not self._raw[-_IN_ORDER:].translate(None, _ALLOWED)

    @property
    def lines(self) -> int:
        """The number of lines received so far of an unfinished data message, without a closing `!`."""
        if not self.inside or self._raw[0] != STX:
            return 0
        return self._raw.count(b"\n") - (b"\n!\r\n" in self._raw)

    def reset(self) -> None:
        """Discard unfinished characters."""
        self._state = _State.BETWEEN
        self._raw.clear()

    def flush(self) -> Damaged | None:
        """Discard unfinished characters after a silence; return them as damage, or None if there are none."""
        if not self._raw:
            return None
        raw, inside = bytes(self._raw), self.inside
        self.reset()
        if inside:
            return Damaged(
                Damage.INCOMPLETE, Message("a message was interrupted after {0} characters", (len(raw),)), raw
            )
        return Damaged(Damage.NOISE, Message("{0} characters outside any message", (len(raw),)), raw)

    def feed(self, data: bytes) -> Iterator[StreamEvent]:
        """Process characters and yield each event as soon as it is complete.

        `option_select` may be changed between two events. The iterator must be exhausted.
        """
        at = 0
        while at < len(data):
            if self.inside:
                at = self._collect(data, at)
                if at == len(data):
                    return
            byte = data[at]
            at += 1
            match self._state:
                case _State.BETWEEN:
                    yield from self._between(byte)
                case _State.LINE:
                    yield from self._in_line(byte)
                case _State.BLOCK:
                    yield from self._in_block(byte)
                case _State.BCC:
                    self._raw.append(byte)
                    yield self._complete()

    def _collect(self, data: bytes, begin: int) -> int:
        """Take the characters before the next that may begin or end a message; return its index."""
        if self._state is _State.BCC:
            return begin
        in_block = self._state is _State.BLOCK
        pattern, limit = (_IN_BLOCK, self._block_limit) if in_block else (_IN_LINE, _LINE_LIMIT)
        found = pattern.search(data, begin)
        end = min(len(data) if found is None else found.start(), begin + limit - len(self._raw))
        self._raw += data[begin:end]
        return end

    def _flushed(self) -> Iterator[Damaged]:
        damage = self.flush()
        if damage is not None:
            yield damage

    def _between(self, byte: int) -> Iterator[StreamEvent]:
        if self._begins(byte):
            yield from self._begin(byte)
        elif byte in (ACK, NAK):
            yield from self._flushed()
            yield Handshake(byte)
        elif byte or self._raw:  # NULs are the wake-up sequence of battery devices, IEC 62056-21 B.2
            self._raw.append(byte)
            if len(self._raw) >= _NOISE_LIMIT:
                yield from self._flushed()

    def _begins(self, byte: int) -> bool:
        """Return whether a character outside a block begins a message."""
        starts = byte in (SOH, STX) and not self.lines_only
        return starts or byte == _SLASH or (byte == ACK and self.option_select)

    def _begin(self, byte: int) -> Iterator[StreamEvent]:
        yield from self._flushed()
        self._raw.append(byte)
        self._state = _State.BLOCK if byte in (SOH, STX) else _State.LINE

    def _in_line(self, byte: int) -> Iterator[StreamEvent]:
        # Lines contain neither a slash nor a control character, so such a character begins a new message.
        if self._begins(byte):
            yield from self._begin(byte)
            return
        self._raw.append(byte)
        if byte == _LF:
            yield self._complete()
        elif len(self._raw) > _LINE_LIMIT:
            yield self._too_long(_LINE_LIMIT)

    def _in_block(self, byte: int) -> Iterator[StreamEvent]:
        raw = self._raw
        if byte == SOH or (byte == STX and not (raw[0] == SOH and len(raw) == 3)):
            yield from self._begin(byte)
            return
        raw.append(byte)
        if byte in (ETX, EOT):
            self._state = _State.BCC
        if len(raw) > self._block_limit:
            yield self._too_long(self._block_limit)

    def _complete(self) -> MeterMessage | Damaged:
        raw = self.raw = bytes(self._raw)
        self.reset()
        try:
            return parse_message(raw)
        except Iec62056Error as error:
            return Damaged(_DAMAGE_OF.get(error.code, Damage.SYNTAX), error.message, raw)

    def _too_long(self, limit: int) -> Damaged:
        raw = bytes(self._raw)
        self.reset()
        return Damaged(Damage.TOO_LONG, Message("more than {0} characters without the end of a message", (limit,)), raw)
