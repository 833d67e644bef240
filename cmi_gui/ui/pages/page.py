"""What every page is and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.events import StationEvent
from cmi_gui.engine.station import Station
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.models.series import SeriesStore

__all__ = ["Context", "Page"]


@dataclass(frozen=True, slots=True)
class Context:
    """What pages share."""

    station: Station
    series: SeriesStore
    messages: MessageLog


class Page(QWidget):
    """A page works while it is shown and costs nothing while it is not.

    A page overrides `activate`, `deactivate`, `take` and `refresh`; `refresh` comes every `REFRESH_MS` while shown.
    """

    REFRESH_MS = 250

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.station = context.station
        self._ticker = QTimer(self)
        self._ticker.setInterval(self.REFRESH_MS)
        self._ticker.timeout.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to work."""
        super().showEvent(event)
        self.activate()
        self.refresh()
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._ticker.stop()
        self.deactivate()

    def activate(self) -> None:
        """The page has come on screen."""

    def deactivate(self) -> None:
        """The page has left the screen, or the window closes."""

    def take(self, events: Sequence[StationEvent]) -> None:
        """A batch of events; hidden pages get it too."""

    def refresh(self) -> None:
        """Show what time alone changes."""
