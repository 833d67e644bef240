"""The source of a table of traffic: its rows, their summaries, and the texts that are searched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cmi_gui.engine.clock import local_time
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.engine.traffic.exchanges import Exchanges
from cmi_gui.engine.traffic.store import TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import summary_message
from cmi_gui.engine.traffic.text_index import TextIndex
from cmi_gui.ui.pages.traffic.text import type_text
from cmi_gui.ui.text.i18n import installed_language
from cmi_gui.ui.text.messages import text_of

SLICE_SECONDS = 0.008
"""The time for which a search or a copy works before control returns to the event loop."""
_SUMMARIES = 2048


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
        self.index = TextIndex(store, self.description)
        self._summaries: OrderedDict[int, str] = OrderedDict()
        self._language = ""
        """The language of the kept summaries, because an opened capture outlives a change of language."""

    @property
    def live(self) -> bool:
        """True if this is the station's traffic, which still grows."""
        return not self.name

    def row(self, index: int) -> TrafficRow:
        """Return a row with the time of its answer, if it is one. Raises IndexError if there is no such row."""
        row = self.store.row(index)
        answer = self.exchanges.answer(index) if index < self.exchanges.stop else None
        return row if answer is None else replace(row, answer=answer)

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

    def description(self, row: TrafficRow) -> str:
        """Return the lines of text of a row for the index: its summary, its English summary, and its type.

        The English one is there so that a saved filter finds the same in every language.
        """
        message = summary_message(row)
        return "\n".join(dict.fromkeys((text_of(message), str(message), type_text(row))))


def capture_source(capture: Capture) -> TrafficSource:
    """Return the source of an opened capture, whose time stands still at its last row."""
    store = capture.store
    last = store.at(len(store) - 1) if len(store) > store.first else 0.0
    return TrafficSource(store, local_time, lambda: last, capture.path.name, capture.exchanges)
