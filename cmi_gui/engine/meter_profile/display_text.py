"""The meter's liquid crystal display as a value, which a window paints and a test compares.

The user manual shows the index field (5 characters), the 7-segment value field, six rate arrows and a disconnector
icon. Assumptions: 8 characters of value, 6 seconds per item, energies with two decimals, a text that stays until it is
erased and that the button hides for 20 s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from cmi_gui.engine.messages import InvalidValue, Message, quoted_characters

VALUE_WIDTH: Final = 8
SHOWABLE: Final = frozenset("0123456789 -_ABCDEFGHIJLNOPQRSTUYabcdefghijlnopqrstuy=")
"""The characters that seven segments can show, without K, M, V, W, X and Z."""
_SUBSTITUTE: Final = "_"
SECONDS_PER_ITEM: Final = 6.0
TEXT_HIDDEN_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class DisplayState:
    """The display's content at one moment.

    `index`: up to 5 characters, points not counted; `value`: up to 8, points not counted; `rates`: the arrows that are
    on, of 1 to 6; `disconnector_closed`: None without a disconnector; `message`: whether the value is a text sent to
    the meter. With `on` false the display is blank.
    """

    on: bool = False
    index: str = ""
    value: str = ""
    unit: str = ""
    rates: frozenset[int] = frozenset()
    disconnector_closed: bool | None = None
    message: bool = False


def check_text(text: str) -> None:
    """Raise ValueError unless `text` has at most 8 characters and seven segments can show each."""
    if len(text) > VALUE_WIDTH:
        raise InvalidValue(Message("the display has {0} characters, but the text has {1}", (VALUE_WIDTH, len(text))))
    others = quoted_characters(char for char in text if char not in SHOWABLE)
    if others:
        allowed = "".join(sorted(SHOWABLE))
        raise InvalidValue(Message("seven segments cannot show {0}; they can show {1}", (others, allowed)))


def as_shown(text: str) -> str:
    """Return `text` with an underscore for each character that cannot be shown, as on the meter; points are kept."""
    return "".join(char if char in SHOWABLE or char == "." else _SUBSTITUTE for char in text)


class Display:
    """A display that scrolls through a list, by time or by the green button, and shows a text."""

    def __init__(self, now: float) -> None:
        self.text = ""
        self._base = 0
        self._since = now
        self._text_hidden_until = now

    def press(self, now: float) -> None:
        """Press the green button: show the next item, for 20 s also in place of a text."""
        self._base = self._position(now) + 1
        self._since = now
        self._text_hidden_until = now + TEXT_HIDDEN_SECONDS

    def show(self, text: str) -> None:
        """Show `text` until it is replaced; an empty one erases. Raises ValueError if it cannot be shown."""
        check_text(text)
        self.text = text
        self._text_hidden_until = -math.inf

    def position(self, count: int, now: float) -> int | None:
        """Return the index of the item shown, of `count` items, or None while the text is shown."""
        if self.text and now >= self._text_hidden_until:
            return None
        return self._position(now) % count

    def _position(self, now: float) -> int:
        return self._base + int((now - self._since) // SECONDS_PER_ITEM)
