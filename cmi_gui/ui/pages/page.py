"""What every page is and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.diagnostics.diagnosis import Diagnosis
from cmi_gui.engine.events import Stamped
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.ui.background import Background
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.models.module import ModuleModel
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.models.recording import Recording
from cmi_gui.ui.targets import Targets
from cmi_gui.ui.text.words import Level


@dataclass(slots=True)
class OpenedCapture:
    """The file that the page Traffic shows in place of the station's own traffic; it outlives the page."""

    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What pages share.

    `module`: the state of the built-in module.
    `targets`: whom Configuration and Readings speak to. `background`: for work that takes longer than a frame.
    `bus`: the master on a real bus, and what it has found there.
    `history`: what the meters of all modules have given, now and in earlier runs.
    `recording`: the capture file that grows.
    `opened`: the capture that is looked at.
    `configuration`: the forms of all targets, and what was entered there.
    `diagnosis`: the manual's troubleshooting section as live checks.
    `go`: shows a page by its object name and has it `reveal` a part of it (empty: just the page).
    """

    station: Station
    module: ModuleModel
    history: ReadingsHistory
    messages: MessageLog
    targets: Targets
    background: Background
    bus: BusMaster
    recording: Recording
    opened: OpenedCapture
    configuration: Configuration
    diagnosis: Diagnosis
    go: Callable[[str, str], None]

    def say(self, level: Level, text: str) -> None:
        """Put a sentence of the window's own into the message strip."""
        self.messages.say(self.station.clock.now(), level, text)


class Page(QWidget):
    """A page works while it is shown and costs nothing while it is not.

    A page overrides `activate`, `deactivate`, `take`, `refresh`, `reveal`, `state` and `restore` as it needs; while it
    is shown, the window calls `refresh` once a second.
    Signals: `badge(str)`, a word or number that the navigation shows beside the page's name, empty for none.
    """

    badge = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.station = context.station

    @property
    def module(self) -> ModuleState:
        """The state of the built-in module that the engine sent last."""
        return self.context.module.state

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to work."""
        super().showEvent(event)
        self.activate()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.deactivate()

    def activate(self) -> None:
        """The page has come on screen."""

    def deactivate(self) -> None:
        """The page has left the screen, or the window closes."""

    def take(self, events: Sequence[Stamped]) -> None:
        """A batch of events; hidden pages get it too."""

    def refresh(self) -> None:
        """Show what time alone changes."""

    def reveal(self, part: str) -> None:
        """Bring a named part of the page into view; names that are not known are passed over."""

    def state(self) -> dict[str, object]:
        """What the user chose here and finds again after a restart or a change of language; plain JSON values.

        Tables and splitters with object names are kept by the window already.
        """
        return {}

    def restore(self, kept: Mapping[str, object]) -> None:
        """Take `state` back; whatever is missing or not as expected is passed over."""
