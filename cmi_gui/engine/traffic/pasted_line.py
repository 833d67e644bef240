"""Finding of the bytes in one pasted line: of a log, of source code, or of a capture of this program.

The line is read in the first of these ways that gives a whole frame, else in the first that gives any bytes:

- hex digits alone, in any usual notation;
- hex digits after times, a sign of the direction (`TX`, `<<<`, `RECV (011):`) or a label (`telegram=`);
- a bytes literal of Python;
- frames anywhere in the line, recognised by their checksums.
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
from cmi_gui.engine.traffic.masking import Ranges, parse_hex_text

WRONG_OCTETS = Message("each byte must have two hex digits")

_SEPARATORS = " \t\r\n,:_-"
_DELETE = str.maketrans("", "", _SEPARATORS)
_PAIRS = re.compile(r"(?:(?:[0-9A-Fa-f]{2}|\*\*)[ \t\r\n,:_\-]*+)+")
_OUTER = " \t\r\n,:_-{}[]()<>'\"\\`"
"""Characters around bytes."""
_BETWEEN = re.compile(r"[\s.,:_\-{}<>'\"\\]+")
_CELLS = re.compile(r"[|;\s]*[0-9A-Fa-f]{2}(?:\s*([|;])\s*[0-9A-Fa-f]{2})(?:\s*\1\s*[0-9A-Fa-f]{2})*[|;\s]*")
"""Bytes in the cells of a table or of a CSV file."""
_TOKEN = re.compile(r"(?:0[xX]|[xX$])?((?:[0-9A-Fa-f]|\*\*)+?)[hH]?")
_WORDS = re.compile(r"[\s.,:;_\-{}<>()\[\]'\"\\=|]+")
_SINGLE = re.compile(r"\s*(?:0x)?E5h?[\s(\[<:=-]+ack\w*[)\]>.!]*\s*", re.IGNORECASE)
"""The acknowledgement E5 with its name."""
_REMARK = re.compile(r";|#|//")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LITERAL = re.compile(r"""(?<![0-9A-Za-z])[bB]('(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")""")

_TO_SLAVE = r"(?:[-=]{1,2}>|→|>{1,3}(?=\s)|>{2,3}|\b(?:TXD?|SND|SEND|SENT|SENDING|OUT)\b)"
_FROM_SLAVE = r"(?:<[-=]{1,2}|←|<{1,3}(?=\s)|<{2,3}|\b(?:RXD?|RCV|RECV|RECEIVED|RECEIVING|IN)\b)"
_SIGN = re.compile(rf"(?P<to>{_TO_SLAVE})|{_FROM_SLAVE}", re.IGNORECASE)
_COUNT = re.compile(r"[\[(]\s?\d{1,4}\s?(?:bytes?)?\s?[\])]:?|\d{1,4} bytes?\b:?|\d{3,4}:(?=\s)", re.IGNORECASE)
"""A number of bytes, which some loggers write between sign and bytes."""
_LABEL = re.compile(r"[:\])>](?=\s)|[=({\[|]|\s-\s")
"""The end of a label; bytes may follow it."""
_OWN = re.compile(r"(?:mbus|meter) (rx|tx) [a-z_]+ \S+ (.*)")
"""A line of a capture of this program, after its time; the slave received what is `rx`."""
_MAX_PARTS = 24
"""Parts of a line that are tried."""
_MIN_BYTES = 5
"""Length from which bytes after a label may be a telegram; fewer are more likely another value."""
_STRUCTURE = re.compile(r"[^;]*[{\[(]|[}\])\s;,'\"`.\-]*|(?:- )?[\w.-]+:(?: ?[|>]-?)?|```\w*")
"""Lines before and after bytes in C, Python, JSON, YAML and Markdown."""
_LENGTH = re.compile(r"unsigned int \w+ = \d+;")
"""The last line of `xxd -i`."""
_TAG_ENDS = "]) \t:;,"


class NotHex(InvalidValue):
    """The error of a line without bytes. `code`: bad_hex or odd_hex; `offset`: index of the wrong byte, or None."""

    def __init__(self, code: str, message: Message, offset: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.offset = offset


@dataclass(frozen=True, slots=True)
class PastedLine:
    """The bytes of a line, or of several. `masked`: the ranges written as `**`. `time`: a match of one of `TIMES`.

    `to_slave`: the direction by a sign in the line; None without a sign.
    """

    data: bytes
    masked: Ranges = ()
    time: re.Match[str] | None = None
    to_slave: bool | None = None


class _Part(NamedTuple):
    """A part of a line that may be its bytes, with the direction and the time written before it."""

    text: str
    to_slave: bool | None = None
    time: re.Match[str] | None = None
    after_label: bool = False


def read_line(text: str) -> PastedLine | None:
    """Return the bytes of a line; None if it only encloses others, such as `};`. Raises NotHex for any other line."""
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
            # Frames of both directions may be in one line, so only the frames themselves show their direction.
            return replace(line, data=before + line.data, to_slave=None) if before and not line.masked else line
        if first is None and (not part.after_label or len(line.data) >= _MIN_BYTES or is_beginning(line.data)):
            first = line
    if first is not None:
        return first
    frames = _frames_in(text)
    if frames:
        sign = _SIGN.search(rest)
        return PastedLine(frames, (), time or _time_in(rest), None if sign is None else bool(sign["to"]))
    if _STRUCTURE.fullmatch(_REMARK.split(text, maxsplit=1)[0].strip()):
        return None
    raise _not_hex(_REMARK.split(rest, maxsplit=1)[0])


def _without_comment(text: str) -> str:
    """Return the line without its first C comment."""
    head, _, rest = text.partition("/*")
    _, end, tail = rest.partition("*/")
    return f"{head} {tail}".strip() if end else text


def _without_time(text: str) -> tuple[str, re.Match[str] | None]:
    for pattern in TIMES:
        if found := pattern.match(text):
            return text[found.end() :].lstrip(_TAG_ENDS), found
    return text, None


def _time_in(prefix: str) -> re.Match[str] | None:
    return next((found for pattern in DATED if (found := pattern.search(prefix))), None)


def _parts(rest: str) -> Iterator[_Part]:
    """Yield the parts of a line, the most likely first: the whole, those after a sign, those after a label."""
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
        yield _Part(f"|{part}" if bar else part, to_slave, after_label=not bar)


def _octets(text: str) -> tuple[bytes, Ranges] | None:
    """Return the bytes of a text that contains nothing else, and the masked ranges; None for any other text."""
    if cells := _CELLS.fullmatch(text):
        text = text.replace(cells[1], " ").strip()
    if _PAIRS.fullmatch(text):
        return parse_hex_text(text.translate(_DELETE))
    literal = _LITERAL.search(text)
    if literal and "\\" in literal[1]:
        return _evaluated(literal[0])
    text = literal[1] if literal else _REMARK.split(text, maxsplit=1)[0]
    if _SINGLE.fullmatch(text):
        return b"\xe5", ()
    if "|" in text:
        head, _, rest = text.partition("|")
        text = head if head.strip(_OUTER) else rest.partition("|")[0]
    tokens = [_TOKEN.fullmatch(token) for token in _BETWEEN.split(text.strip(_OUTER))]
    digits = [token[1] for token in tokens if token is not None]
    if not digits or len(digits) < len(tokens):
        return None if literal is None else _evaluated(literal[0])
    whole = "".join(digits)
    if all(len(token) % 2 == 0 for token in digits):
        return parse_hex_text(whole)
    # Some loggers leave out leading zeros; only the checksum shows that no other digit is missing.
    padded = "".join(token.zfill(2) for token in digits)
    if len(padded) == 2 * len(digits) and "*" not in padded and is_frame(bytes.fromhex(padded)):
        return bytes.fromhex(padded), ()
    return parse_hex_text(whole) if len(whole) == len(digits) and len(whole) % 2 == 0 else None


def _evaluated(literal: str) -> tuple[bytes, Ranges] | None:
    try:
        data = bytes(ast.literal_eval(literal))
    except (SyntaxError, ValueError):
        return None
    return (data, ()) if data else None


def _frames_in(text: str) -> bytes:
    """Return the good frames of five bytes or more whose hex digits are among the other words of a line."""
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


def _not_hex(text: str) -> NotHex:
    """Return the error for a line; it names a wrong digit if nearly all the others are hex digits."""
    digits = text.strip(_OUTER).replace("0x", "").replace("0X", "").translate(_DELETE)
    bad = [at for at, digit in enumerate(digits) if digit not in "0123456789abcdefABCDEF"]
    if digits and not bad:
        message = Message("an odd number of hex digits ({0}): one is missing or too many", (len(digits),))
        return NotHex("odd_hex", message if len(digits) % 2 else WRONG_OCTETS)
    if not digits or 5 * len(bad) > len(digits):
        return NotHex("bad_hex", Message("no telegram in hex"))
    return NotHex("bad_hex", Message("{0} is not a hex digit", (repr(digits[bad[0]]),)), bad[0] // 2)
