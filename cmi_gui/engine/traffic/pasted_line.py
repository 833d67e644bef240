"""The bytes in a line that people paste: of a log, of source code, of our own captures.

A line is read in the first of these ways that gives a whole frame, else in the first that gives bytes at all:

- hex digits alone, in any of the ways that they are written;
- hex digits behind times, a sign of the direction (`TX`, `<<<`, `RECV (011):`) or a label (`telegram=`);
- a bytes literal of Python;
- the frames that stand anywhere in it, told by their checksums.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.traffic.frame_pieces import is_beginning, is_frame, split_frames
from cmi_gui.engine.traffic.log_time import DATED, TIMES
from cmi_gui.engine.traffic.masking import MASK, Ranges

WRONG_OCTETS = Message("bytes are two hex digits each")

_SEPARATORS = " \t\r\n,:_-"
_DELETE = str.maketrans("", "", _SEPARATORS)
_PAIRS = re.compile(r"(?:(?:[0-9A-Fa-f]{2}|\*\*)[ \t\r\n,:_\-]*+)+")
_OUTER = " \t\r\n,:_-{}[]()<>'\"\\`"
"""What may stand around bytes."""
_BETWEEN = re.compile(r"[\s.,:_\-{}<>'\"\\]+")
_CELLS = re.compile(r"[|;\s]*[0-9A-Fa-f]{2}(?:\s*([|;])\s*[0-9A-Fa-f]{2})(?:\s*\1\s*[0-9A-Fa-f]{2})*[|;\s]*")
"""Bytes in the cells of a table, or of a spreadsheet's file."""
_TOKEN = re.compile(r"(?:0[xX]|[xX$])?((?:[0-9A-Fa-f]|\*\*)+?)[hH]?")
_WORDS = re.compile(r"[\s.,:;_\-{}<>()\[\]'\"\\=|]+")
_SINGLE = re.compile(r"\s*(?:0x)?E5h?[\s(\[<:=-]+ack\w*[)\]>.!]*\s*", re.IGNORECASE)
"""The single character with its name."""
_REMARK = re.compile(r";|#|//")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LITERAL = re.compile(r"""(?<![0-9A-Za-z])[bB]('(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")""")

_TO_SLAVE = r"(?:[-=]{1,2}>|→|>{1,3}(?=\s)|>{2,3}|\b(?:TXD?|SND|SEND|SENT|SENDING|OUT)\b)"
_FROM_SLAVE = r"(?:<[-=]{1,2}|←|<{1,3}(?=\s)|<{2,3}|\b(?:RXD?|RCV|RECV|RECEIVED|RECEIVING|IN)\b)"
_SIGN = re.compile(rf"(?P<to>{_TO_SLAVE})|{_FROM_SLAVE}", re.IGNORECASE)
_COUNT = re.compile(r"[\[(]\s?\d{1,4}\s?(?:bytes?)?\s?[\])]:?|\d{1,4} bytes?\b:?|\d{3,4}:(?=\s)", re.IGNORECASE)
"""How many bytes follow, as some loggers say between sign and bytes."""
_LABEL = re.compile(r"[:\])>](?=\s)|[=({\[|]|\s-\s")
"""Where a label ends: behind it there may be bytes."""
_OWN = re.compile(r"(?:mbus|meter) (rx|tx) [a-z_]+ \S+ (.*)")
"""A line of our own captures, behind its time; `rx` is what the slave received."""
_MAX_PARTS = 24
"""Places of a line where bytes are looked for."""
_MIN_BYTES = 5
"""Bytes behind a label that may be a telegram; fewer are more likely the value of something else."""
_STRUCTURE = re.compile(r"[^;]*[{\[(]|[}\])\s;,'\"`.\-]*|(?:- )?[\w.-]+:(?: ?[|>]-?)?|```\w*")
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


class _Part(NamedTuple):
    """What of a line may be its bytes, and what a sign and a time in front of it say."""

    text: str
    to_slave: bool | None = None
    time: re.Match[str] | None = None
    behind_label: bool = False


def read_line(text: str) -> PastedLine | None:
    """Read one line; None for one that only frames others, such as `};`. Raises NotHex."""
    if "\x1b" in text:
        text = _COLOURS.sub("", text)
    text = _without_comment(text)
    if _LENGTH.fullmatch(text):
        return None
    rest, time = _without_time(text.lstrip("[( \t"))
    first: PastedLine | None = None
    for part in islice(_parts(rest), _MAX_PARTS):
        found = _octets(part.text)
        if found is None:
            continue
        prefix = rest.removesuffix(part.text)
        line = PastedLine(*found, time or part.time or _time_in(prefix), part.to_slave)
        if line.masked or is_frame(line.data):
            before = _frames_in(prefix)
            # Of two directions in a line neither counts: the frames tell theirs.
            return replace(line, data=before + line.data, to_slave=None) if before and not line.masked else line
        if first is None and (not part.behind_label or len(line.data) >= _MIN_BYTES or is_beginning(line.data)):
            first = line
    if first is not None:
        return first
    frames = _frames_in(text)
    if frames:
        sign = _SIGN.search(rest)
        return PastedLine(frames, (), time or _time_in(rest), None if sign is None else bool(sign["to"]))
    if _STRUCTURE.fullmatch(_REMARK.split(text, maxsplit=1)[0].strip()):
        return None
    raise _error_of(_REMARK.split(rest, maxsplit=1)[0])


def _without_comment(text: str) -> str:
    """The line without its first comment of C."""
    head, _, behind = text.partition("/*")
    _, end, tail = behind.partition("*/")
    return f"{head} {tail}".strip() if end else text


def _without_time(text: str) -> tuple[str, re.Match[str] | None]:
    for pattern in TIMES:
        if found := pattern.match(text):
            return text[found.end() :].lstrip(_TAG_ENDS), found
    return text, None


def _time_in(prefix: str) -> re.Match[str] | None:
    return next((found for pattern in DATED if (found := pattern.search(prefix))), None)


def _parts(rest: str) -> Iterator[_Part]:
    """The likeliest first: the whole, what stands behind a sign, what stands behind a label."""
    sign = _SIGN.match(rest)
    if sign is None:
        yield _Part(rest)
        if own := _OWN.match(rest):
            yield _Part(own[2], own[1] == "rx")
    for found in _SIGN.finditer(rest):
        part, time = _without_time(rest[found.end() :].lstrip(_TAG_ENDS))
        if count := _COUNT.match(part):
            part = part[count.end() :]
        yield _Part(part.lstrip(f"{_TAG_ENDS}-["), bool(found["to"]), time)
        sign = sign or found
    to_slave = None if sign is None else bool(sign["to"])
    for label in _LABEL.finditer(rest):
        part = rest[label.end() :]
        # The first bar of `|6805...|` belongs to the bytes.
        bar = label[0] == "|"
        yield _Part(f"|{part}" if bar else part, to_slave, behind_label=not bar)


def _octets(text: str) -> tuple[bytes, Ranges] | None:
    """The bytes of a text that has nothing else, and which of them are masked; None for any other text."""
    if cells := _CELLS.fullmatch(text):
        text = text.replace(cells[1], " ").strip()
    if _PAIRS.fullmatch(text):
        return _bytes_of(text.translate(_DELETE))
    literal = _LITERAL.search(text)
    if literal and "\\" in literal[1]:
        return _evaluated(literal[0])
    text = literal[1] if literal else _REMARK.split(text, maxsplit=1)[0]
    if _SINGLE.fullmatch(text):
        return b"\xe5", ()
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
    if len(padded) == 2 * len(digits) and "*" not in padded and is_frame(bytes.fromhex(padded)):
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
        data = bytes(ast.literal_eval(literal))
    except (SyntaxError, ValueError):
        return None
    return (data, ()) if data else None


def _frames_in(text: str) -> bytes:
    """The good frames of five bytes or more whose hex digits stand in a line of other words."""
    found = b""
    run = ""
    for word in (*_WORDS.split(text), ""):
        token = _TOKEN.fullmatch(word)
        if token is not None and len(token[1]) % 2 == 0 and "*" not in token[1]:
            run += token[1]
        elif run:
            found += b"".join(raw for raw in split_frames(bytes.fromhex(run)) if len(raw) > 1 and is_frame(raw))
            run = ""
    return found


def _error_of(text: str) -> NotHex:
    """What is wrong with a line: a mistyped digit is named, where there are hex digits otherwise."""
    digits = text.strip(_OUTER).replace("0x", "").replace("0X", "").translate(_DELETE)
    bad = [at for at, digit in enumerate(digits) if digit not in "0123456789abcdefABCDEF"]
    if digits and not bad:
        message = Message("{0} hex digits make no whole bytes; one is missing or too many", (len(digits),))
        return NotHex("odd_hex", message if len(digits) % 2 else WRONG_OCTETS)
    if not digits or 5 * len(bad) > len(digits):
        return NotHex("bad_hex", Message("no telegram in hex"))
    return NotHex("bad_hex", Message("{0} is no hex digit", (repr(digits[bad[0]]),)), bad[0] // 2)
