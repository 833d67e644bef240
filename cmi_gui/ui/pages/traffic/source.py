"""The source of a table of traffic: its rows, their summaries, and the texts that are searched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from cmi_gui.engine.traffic.exchanges import Exchanges
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import summarise, summary_message
from cmi_gui.ui.pages.traffic.text import type_text
from cmi_gui.ui.text.i18n import installed_language
from cmi_gui.ui.text.messages import text_of

SLICE_SECONDS = 0.008
"""The time for which a search or a copy works before control returns to the event loop."""
_SUMMARIES = 2048
_SHORT = 16
"""The longest row, in bytes, whose search text is kept."""


class TrafficSource:
    """A store with its exchanges: the station's traffic, or an opened capture.

    `local` converts a row's time to local time; `now` returns the present time in the rows' seconds, for a capture that
    of its last row. `name` is empty for the station's own traffic, else the capture's file name.
    """

    def __init__(
        self,
        store: TrafficStore,
        local: Callable[[float], datetime],
        now: Callable[[], float],
        name: str = "",
        exchanges: Exchanges | None = None,
    ) -> None:
        self.store = store
        self.local = local
        self.now = now
        self.name = name
        self.exchanges = exchanges or Exchanges(store)
        self._haystacks: dict[tuple[Side, RowKind, bytes], str] = {}
        self._summaries: OrderedDict[int, str] = OrderedDict()
        self._language = ""
        """The language of the kept summaries, because an opened capture outlives a change of language."""

    @property
    def live(self) -> bool:
        """True if this is the station's traffic, which still grows."""
        return not self.name

    def summary(self, index: int) -> str:
        """Return the summary of a row in the user's language; the last 2048 are kept."""
        language = installed_language()
        if language != self._language:
            self._summaries.clear()
            self._language = language
        text = self._summaries.get(index)
        if text is None:
            text = self._summaries[index] = text_of(summary_message(self.store.row(index)))
            if len(self._summaries) > _SUMMARIES:
                self._summaries.popitem(last=False)
        return text

    def haystack(self, row: TrafficRow) -> str:
        """Return the text to search: English summary, type, bytes with and without blanks, characters; in lower case.

        Masked bytes are stars here too, so that no search can guess a password.
        """
        if len(row.data) > _SHORT or row.words is not None:
            return self._haystack(row)
        # Kept, because short rows such as requests and acks repeat all the time.
        key = (row.side, row.kind, row.data)
        text = self._haystacks.get(key)
        if text is None:
            if len(self._haystacks) >= _SUMMARIES:
                self._haystacks.clear()
            text = self._haystacks[key] = self._haystack(row)
        return text

    def _haystack(self, row: TrafficRow) -> str:
        octets = hex_text(row.data, row.masked)
        readable = "" if row.masked else row.data.decode("latin-1")
        return f"{summarise(row)} {type_text(row)} {octets.replace(' ', '')} {octets} {readable}".casefold()
