"""Telegrams in the text that people paste: the lines of logs, hex dumps and source code to bytes.

`read_line` takes one line, `PastedText` puts together what takes several. A line is read in the first of these ways
that gives whole frames, else in the first that gives bytes at all:

- a row of a hex dump (xxd, hexdump, od, Wireshark), whose offset and readable column are no bytes;
- hex digits behind times, a sign of the direction (`TX`, `<<<`, `RECV (011):`) or a label (`telegram=`);
- a bytes literal of Python;
- the frames that stand anywhere in it, told by their checksums.
"""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import FrameDecoder, GoodFrame, parse_frame
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.traffic.hex_dump import HexDump
from cmi_gui.engine.traffic.log_time import DATED, TIMES
from cmi_gui.engine.traffic.masking import MASK, Ranges

WRONG_OCTETS = Message("bytes are two hex digits each")

_SEPARATORS = " \t\r\n,:_-"
_DELETE = str.maketrans("", "", _SEPARATORS)
_PAIRS = re.compile(r"(?:(?:[0-9A-Fa-f]{2}|\*\*)[ \t\r\n,:_\-]*+)+")
_OUTER = " \t\r\n,:_-{}[]()<>'\"\\`"
"""What may stand around bytes."""
_BETWEEN = re.compile(r"[\s,:_\-{}<>'\"\\]+")
_TOKEN = re.compile(r"(?:0[xX]|[xX$])?((?:[0-9A-Fa-f]|\*\*)+?)[hH]?")
_WORDS = re.compile(r"[\s,:;_\-{}<>()\[\]'\"\\=|]+")
_REMARK = re.compile(r";|#|//")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LITERAL = re.compile(r"""(?<![0-9A-Za-z])[bB]('(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")""")

_TO_SLAVE = r"(?:-{1,2}>|>{1,3}(?=\s)|>{2,3}|\b(?:TXD?|SND|SEND|SENT|SENDING|OUT)\b)"
_FROM_SLAVE = r"(?:<-{1,2}|<{1,3}(?=\s)|<{2,3}|\b(?:RXD?|RCV|RECV|RECEIVED|RECEIVING|IN)\b)"
_SIGN = re.compile(rf"(?P<to>{_TO_SLAVE})|{_FROM_SLAVE}", re.IGNORECASE)
_COUNT = re.compile(r"[\[(]\s?\d{1,4}\s?(?:bytes?)?\s?[\])]:?|\d{1,4} bytes?\b:?|\d{3,4}:(?=\s)", re.IGNORECASE)
"""How many bytes follow, as some loggers say between sign and bytes."""
_LABEL = re.compile(r"[:\])>](?=\s)|[=({\[|]|\s-\s")
"""Where a label ends: behind it there may be bytes."""
_OWN = re.compile(r"(?:mbus|meter) (rx|tx) [a-z_]+ \S+ (.*)")
"""A line of our own captures, behind its time; `rx` is what the slave received."""
_MAX_PARTS = 24
"""Places of a line where bytes are looked for."""
_LEAST = 5
"""Bytes behind a label that may be a telegram; fewer are more likely the value of something else."""
_STRUCTURE = re.compile(r"[^;]*[{\[(]|[}\])\s;,'\"`.\-]*|(?:- )?[\w.-]+:(?: ?[|>]-?)?|```\w*|/\*.*\*/")
"""What stands around bytes in C, Python, JSON, YAML and Markdown, on lines of its own."""
_LENGTH = re.compile(r"unsigned int \w+ = \d+;")
"""The last line of `xxd -i`."""
_TAG_ENDS = "]) \t:;,"


class NotHex(InvalidValue):
    """A line in which no bytes can be made out. `code`: bad_hex or odd_hex; `offset` counts bytes, None: no single."""

    def __init__(self, code: str, message: Message, offset: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.offset = offset


@dataclass(frozen=True, slots=True)
class PastedLine:
    """The bytes of a line, or of several. `masked`: which of them are `**`. `time`: a match of one of `TIMES`.

    `to_slave`: what a sign says of the direction; None where there is no sign.
    """

    data: bytes
    masked: Ranges = ()
    time: re.Match[str] | None = None
    to_slave: bool | None = None


def text_encoding(beginning: bytes) -> str:
    """Return the encoding of a text by its first bytes: UTF-16 where its mark stands there, as PowerShell writes it."""
    marks = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    return marks.get(beginning[:2], "utf-8")


def read_line(text: str) -> PastedLine | None:
    """Read one line; None for one that only frames others, such as `};`. Raises NotHex."""
    if "\x1b" in text:
        text = _COLOURS.sub("", text)
    if _LENGTH.fullmatch(text):
        return None
    rest, time = _without_time(text.lstrip("[( \t"))
    first: PastedLine | None = None
    for to_slave, part, said, behind_label in islice(_parts(rest), _MAX_PARTS):
        found = _octets(part)
        if found is None:
            continue
        line = PastedLine(*found, time or said or _time_in(rest.removesuffix(part)), to_slave)
        if line.masked or _is_frame(line.data):
            return line
        if first is None and (not behind_label or len(line.data) >= _LEAST or _is_beginning(line.data)):
            first = line
    if first is not None:
        return first
    frames = _frames_in(text)
    if frames:
        sign = _SIGN.search(rest)
        return PastedLine(frames, (), time or _time_in(rest), None if sign is None else bool(sign["to"]))
    if _STRUCTURE.fullmatch(_REMARK.split(text, maxsplit=1)[0].strip()):
        return None
    raise _complaint(_REMARK.split(rest, maxsplit=1)[0])


def _without_time(text: str) -> tuple[str, re.Match[str] | None]:
    for pattern in TIMES:
        if found := pattern.match(text):
            return text[found.end() :].lstrip(_TAG_ENDS), found
    return text, None


def _time_in(prefix: str) -> re.Match[str] | None:
    return next((found for pattern in DATED if (found := pattern.search(prefix))), None)


def _parts(rest: str) -> Iterator[tuple[bool | None, str, re.Match[str] | None, bool]]:
    """What of a line may be its bytes, the likeliest first: what a sign says, the bytes, a time, whether it is a label
    that they stand behind."""
    sign = _SIGN.match(rest)
    if sign is None:
        yield None, rest, None, False
        if own := _OWN.match(rest):
            yield own[1] == "rx", own[2], None, False
    for found in _SIGN.finditer(rest):
        part, time = _without_time(rest[found.end() :].lstrip(_TAG_ENDS))
        if count := _COUNT.match(part):
            part = part[count.end() :]
        yield bool(found["to"]), part.lstrip(f"{_TAG_ENDS}-["), time, False
        sign = sign or found
    to_slave = None if sign is None else bool(sign["to"])
    for label in _LABEL.finditer(rest):
        part = rest[label.end() :]
        if label[0] == "|":
            # The first bar of `|6805...|` belongs to the bytes.
            yield to_slave, f"|{part}", None, False
        else:
            yield to_slave, part, None, True


def _octets(text: str) -> tuple[bytes, Ranges] | None:
    """The bytes of a text that has nothing else, and which of them are masked; None for any other text."""
    if _PAIRS.fullmatch(text):
        return _bytes_of(text.translate(_DELETE))
    literal = _LITERAL.search(text)
    if literal and "\\" in literal[1]:
        return _evaluated(literal[0])
    text = literal[1] if literal else _REMARK.split(text, maxsplit=1)[0]
    if "|" in text:
        head, _, behind = text.partition("|")
        text = head if head.strip(_OUTER) else behind.partition("|")[0]
    tokens = [_TOKEN.fullmatch(token) for token in _BETWEEN.split(text.strip(_OUTER))]
    digits = [token[1] for token in tokens if token is not None]
    if not digits or len(digits) < len(tokens):
        return None if literal is None else _evaluated(literal[0])
    whole = "".join(digits)
    if all(len(token) % 2 == 0 for token in digits):
        return _bytes_of(whole)
    # Some loggers leave out leading zeros; only a right checksum tells that from a digit that is missing.
    padded = "".join(token.zfill(2) for token in digits)
    if len(padded) == 2 * len(digits) and "*" not in padded and _is_frame(bytes.fromhex(padded)):
        return bytes.fromhex(padded), ()
    return _bytes_of(whole) if len(whole) == len(digits) and len(whole) % 2 == 0 else None


def _bytes_of(digits: str) -> tuple[bytes, Ranges]:
    if "*" not in digits:
        return bytes.fromhex(digits), ()
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    masked: list[tuple[int, int]] = []
    for at, pair in enumerate(pairs):
        if pair == MASK:
            begin = masked.pop()[0] if masked and masked[-1][1] == at else at
            masked.append((begin, at + 1))
    return bytes(0 if pair == MASK else int(pair, 16) for pair in pairs), tuple(masked)


def _evaluated(literal: str) -> tuple[bytes, Ranges] | None:
    try:
        return bytes(ast.literal_eval(literal)), ()
    except (SyntaxError, ValueError):
        return None


def _is_frame(data: bytes) -> bool:
    try:
        parse_frame(data)
    except MBusError:
        return False
    return True


def _frames_in(text: str) -> bytes:
    """The good frames of five bytes or more whose hex digits stand in a line of other words."""
    found = b""
    run = ""
    for word in (*_WORDS.split(text), ""):
        token = _TOKEN.fullmatch(word)
        if token is not None and len(token[1]) % 2 == 0 and "*" not in token[1]:
            run += token[1]
        elif run:
            found += b"".join(raw for raw in split_frames(bytes.fromhex(run)) if len(raw) > 1 and _is_frame(raw))
            run = ""
    return found


def _complaint(text: str) -> NotHex:
    """What is wrong with a line: a mistyped digit is named, where there are hex digits otherwise."""
    digits = text.strip(_OUTER).replace("0x", "").replace("0X", "").translate(_DELETE)
    bad = [at for at, digit in enumerate(digits) if digit not in "0123456789abcdefABCDEF"]
    if digits and not bad:
        message = Message("{0} hex digits make no whole bytes; one is missing or too many", (len(digits),))
        return NotHex("odd_hex", message if len(digits) % 2 else WRONG_OCTETS)
    if not digits or 5 * len(bad) > len(digits):
        return NotHex("bad_hex", Message("no telegram in hex"))
    return NotHex("bad_hex", Message("{0} is no hex digit", (repr(digits[bad[0]]),)), bad[0] // 2)


def split_frames(data: bytes) -> list[bytes]:
    """The pieces of bytes that hold several frames, in order, with what stands between them; else all as one."""
    if _is_frame(data):
        return [data]
    decoder = FrameDecoder()
    events = [*decoder.feed(data), *decoder.idle()]
    if len(events) > 1 and any(isinstance(event, GoodFrame) for event in events):
        return [event.raw for event in events]
    return [data]


class PastedText:
    """Lines in their order, put together where a telegram takes several: hex dumps, arrays, wrapped lines.

    Lines are put together only where their offsets say so, or a right checksum.
    """

    def __init__(self) -> None:
        self._dump = HexDump()
        self._waiting: list[PastedLine] = []
        """The beginning of a telegram."""

    def take(self, text: str) -> list[PastedLine]:
        """Take a line; returns what is complete with it. Raises NotHex: call `flush` for what was waiting before it."""
        done: list[PastedLine] = []
        if self._dump.take(text):
            return self._give_up() + ([PastedLine(self._dump.end())] if self._dump.is_full else [])
        another = HexDump()
        line = None if self._dump.size and another.take(text) else read_line(text)
        if self._dump.size:
            done = [PastedLine(self._dump.end())]
            self._dump = another
        if line is None:
            return done
        if self._waiting and not self._continues(line):
            done += self._give_up()
        frames, rest = _leading_frames(b"".join(part.data for part in self._waiting) + line.data)
        if line.masked or not (frames or _is_beginning(rest)):
            return [*done, *self._give_up(), line]
        head = self._waiting[0] if self._waiting else line
        if frames:
            self._waiting.clear()
            done += [replace(head, data=frame) for frame in frames]
        if _is_beginning(rest):
            self._waiting.append(replace(head, data=rest) if frames else line)
        elif rest:
            done.append(replace(head, data=rest))
        return done

    def flush(self) -> list[PastedLine]:
        """What waits for lines that do not come."""
        dump = [PastedLine(self._dump.end())] if self._dump.size else []
        return dump + self._give_up()

    def _give_up(self) -> list[PastedLine]:
        given, self._waiting = self._waiting, []
        return given

    def _continues(self, line: PastedLine) -> bool:
        """Whether a line may go on with what waits: no frame of its own, and not from the other side."""
        if line.to_slave not in (None, self._waiting[0].to_slave) or line.masked:
            return False
        return len(line.data) == 1 or not _is_frame(line.data)


def _leading_frames(data: bytes) -> tuple[list[bytes], bytes]:
    """The good frames with which bytes begin, and the rest."""
    frames = []
    while size := _frame_size(data):
        if size > len(data) or not _is_frame(data[:size]):
            break
        frames.append(data[:size])
        data = data[size:]
    return frames, data


def _frame_size(data: bytes) -> int:
    """How long the frame is with which bytes begin; 0 where none does. As far as they go, which may be too short."""
    match data[:1]:
        case b"\xe5":
            return 1
        case b"\x10":
            return 5
        case b"\x68" if len(data) < 3 or (data[1] == data[2] and data[1] >= 3 and data[3:4] in (b"", b"\x68")):
            return data[1] + 6 if len(data) > 1 else 9
    return 0


def _is_beginning(data: bytes) -> bool:
    """Whether bytes may be the beginning of a frame that goes on in another line."""
    return 0 < len(data) < _frame_size(data)
