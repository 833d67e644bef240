"""Causes of failures as a site keeps them: a message with its facts, so that each reader gets it in their language.

In the site's file and in its journal a cause is a text, or a table with a template and its arguments, as in
`{text = "{0} does not answer", args = [{text = "module {0}", args = ["50100007"]}]}`. A file may come from a stranger:
only a template of `texts.toml` is filled in, and any other text is shown as it is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Annotated, Final

import msgspec

from cmi_gui.engine.files.report_texts import load_texts
from cmi_gui.engine.messages import Argument, Listing, Message, printable, quoted

MAX_DEPTH: Final = 8
"""Most messages inside one another."""
MAX_SIZE: Final = 2000
"""Largest size of a cause: the characters that it shows, and one for each argument."""
_MAX_JOIN: Final = 8
_MAX_TEXT: Final = 200
_INTEGERS: Final = range(-(2**63), 2**63)
_NUMBER: Final = r"\A-?[0-9]{1,30}(?:\.[0-9]{1,30})?\Z"
_CONTROLS: Final = r"\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""Controls, ends of lines and marks that change the direction of a text, as a character class."""
_CONTROL: Final = re.compile(f"[{_CONTROLS}]")
_HOLE: Final = re.compile(r"\{(\d+)\}", re.ASCII)

_Text = Annotated[str, msgspec.Meta(pattern=rf"\A[^{_CONTROLS}]*\Z")]
_Integer = Annotated[int, msgspec.Meta(ge=_INTEGERS.start, le=_INTEGERS.stop - 1)]
_Number = Annotated[str, msgspec.Meta(pattern=_NUMBER)]


class StoredMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A message as data with exactly one of three keys: `text` is a template, `join` stands between the arguments of a
    list, `number` is a decimal number. `args`: the arguments of the first two.

    Raises ValueError for another form, or one that is too long or too deep.
    """

    text: _Text = ""
    join: _Text | None = None
    number: _Number | None = None
    args: tuple[_Text | _Integer | StoredMessage, ...] = ()

    def __post_init__(self) -> None:
        kinds = bool(self.text) + (self.join is not None) + (self.number is not None)
        if kinds != 1 or (self.number is not None and self.args) or len(self.join or "") > _MAX_JOIN:
            raise ValueError("a message has one of the keys text, join and number")
        if self.depth > MAX_DEPTH or self.size > MAX_SIZE:
            raise ValueError("a message is too deep or too long")

    @property
    def depth(self) -> int:
        """The number of messages inside one another."""
        return 1 + max((arg.depth for arg in self.args if isinstance(arg, StoredMessage)), default=0)

    @property
    def size(self) -> int:
        """The characters and arguments."""
        own = len(self.text) + len(self.number or "") + (1 + len(self.join or "")) * len(self.args)
        return own + sum(arg.size if isinstance(arg, StoredMessage) else len(str(arg)) for arg in self.args)


Cause = Annotated[str, msgspec.Meta(max_length=_MAX_TEXT, pattern=rf"\A[^{_CONTROLS}]*\Z")] | StoredMessage
"""A cause as a site keeps it; empty: none. A text is a message without arguments, or is shown as it is."""


def cause_of(message: Argument) -> Cause:
    """Return a message as a site keeps it; one that is too long for that becomes its English, cut to one line."""
    if isinstance(message, Message) and message.args:
        try:
            stored = _stored(message)
        except ValueError:
            return one_line(message)
        if isinstance(stored, StoredMessage):
            return stored
    return one_line(message)


def message_of(cause: Cause) -> Message:
    """Return the message of a cause, to be shown in any language."""
    part = _part(StoredMessage(text=cause)) if isinstance(cause, str) and cause else _part(cause)
    return part if isinstance(part, Message) else Listing("", (part,))


def one_line(message: Argument) -> str:
    """Return a message as text for a site, which allows one line of 200 characters."""
    return _clean(str(message))[:_MAX_TEXT]


def _clean(text: str) -> str:
    return _without_controls(" ".join(text.split()))


def _without_controls(text: str) -> str:
    return _CONTROL.sub(lambda found: printable(found[0]), text)


def _stored(part: Argument) -> str | int | StoredMessage:
    """Return a part of a message as data. Raises ValueError if it is too long or too deep."""
    match part:
        case Listing(template="", args=(str(text),)):
            return _clean(text)
        case Listing(template=join, args=args):
            return StoredMessage(join=_without_controls(re.sub(r"\s+", " ", join)), args=tuple(map(_stored, args)))
        case Message(template=template, args=args):
            return StoredMessage(text=_clean(template), args=tuple(map(_stored, args)))
        case Decimal():
            number = f"{part:f}"
            return StoredMessage(number=number) if re.search(_NUMBER, number) else number
        case int():
            return part if part in _INTEGERS else str(part)
    return _clean(part)


def _part(stored: str | int | StoredMessage) -> Argument:
    if not isinstance(stored, StoredMessage):
        return stored
    if stored.number is not None:
        return Decimal(stored.number)
    args = tuple(map(_part, stored.args))
    if stored.join is not None:
        return Listing(stored.join, args)
    if _holes(stored.text) == frozenset(range(len(args))):
        return Message(stored.text, args)
    return quoted(": ".join(filter(None, (stored.text, ", ".join(map(str, args))))))


@cache
def _known() -> dict[str, frozenset[int]]:
    """Return the numbers of the places for arguments in each template that the program has."""
    return {template: frozenset(map(int, _HOLE.findall(template))) for template in load_texts().engine}


def _holes(template: str) -> frozenset[int] | None:
    return _known().get(template)
