"""The base class of the pages, and the objects they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from cmi_gui.engine.events import Stamped
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.ui.background import Background
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.bus_work import SiteCommands, SiteReadings
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.models.diagnosis import TargetDiagnosis
from cmi_gui.ui.models.fault_log import FaultLog
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.models.module import ModuleModel
from cmi_gui.ui.models.practice import Practice
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.models.recording import Recording
from cmi_gui.ui.models.rehearsal import SiteRehearsal
from cmi_gui.ui.models.sending import Sending
from cmi_gui.ui.models.shown_module import ShownModule
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.tables import Tables
from cmi_gui.ui.models.visit import Visit
from cmi_gui.ui.targets import Targets
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import em
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import Button, point_out

_WORDS_FROM = 122
"""The width of a page, in average characters, from which all its buttons have words."""
_FIELDS = (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractSlider, QAbstractItemView)


@dataclass(slots=True)
class OpenedCapture:
    """The capture file that the page Traffic shows instead of the station's traffic; it outlives the page."""

    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The objects that pages share.

    `module`: the state of the built-in module.
    `targets`: the modules that Configuration, Readings and Diagnostics can work on, and the chosen one.
    `background`: runs work that takes longer than a frame.
    `bus`: the master on a bus, and the slaves it has found.
    `site`: the open site. `visit`, `site_readings`, `site_commands`: the writes to its modules, their readings, and the
    commands to them. `rehearsal`: a copy of the site on the practice bus.
    `practice`: the practice bus. `shown`: the module that the page Built-in module shows. `fault_log`: what the faults
    on the wire have done.
    `history`: the values of the meters of all modules, from this and earlier runs.
    `recording`: the capture file that is being written.
    `sending`: the telegrams that the user sends from the page Traffic.
    `opened`: the capture that the page Traffic shows.
    `configuration`: the forms of all targets, and what was entered there.
    `diagnosis`: the diagnosis of the chosen module.
    `tables`: saves and copies tables.
    `go`: shows a page, given its object name, and calls its `reveal` with a part (empty: only the page).
    """

    station: Station
    module: ModuleModel
    history: ReadingsHistory
    messages: MessageLog
    targets: Targets
    background: Background
    bus: BusMaster
    site: SiteModel
    visit: Visit
    site_readings: SiteReadings
    site_commands: SiteCommands
    rehearsal: SiteRehearsal
    practice: Practice
    shown: ShownModule
    fault_log: FaultLog
    recording: Recording
    sending: Sending
    opened: OpenedCapture
    configuration: Configuration
    diagnosis: TargetDiagnosis
    tables: Tables
    go: Callable[[str, str], None]

    def add_message(self, level: Level, text: str) -> None:
        """Add a message of the user interface to the message strip, with the time of the station's clock."""
        self.messages.add_message(self.station.clock.now(), level, text)

    def file_stem(self, kind: str, subject: str = "") -> str:
        """Return the name, without a suffix, that is proposed for a file: what it has, of what, and the time."""
        subject = re.sub(r"[^0-9A-Za-z._-]+", "-", subject).strip("-")
        time = self.station.anchor.local(self.station.clock.now())
        return "-".join(filter(None, (kind, subject, f"{time:%Y%m%d-%H%M%S}")))

    def copy(self, text: str, done: str) -> None:
        """Copy a text to the clipboard and report it with the message `done`."""
        QGuiApplication.clipboard().setText(text)
        self.add_message(Level.GOOD, done)

    def save(self, write: Callable[[], object], done: str, failed: str = "{0}") -> None:
        """Write a file in the background and report `done`, or `failed` with the error in place of `{0}`.

        It does not need the page, which a change of language may have replaced by the time the file is written.
        """
        self.background.run(
            write,
            lambda _: self.add_message(Level.GOOD, done),
            lambda error: self.add_message(Level.ERROR, failed.format(text_of(reason_of(error)))),
        )


class Page(QWidget, Spoken):
    """The base class of the pages, which work while shown and cost nothing while hidden.

    A page overrides `activate`, `deactivate`, `take`, `refresh`, `reveal`, `state` and `restore` as it needs; while it
    is shown, the window calls `refresh` once a second.
    Signals: `badge(str)`, a word or number that the navigation shows beside the page's name, empty for none.
    """

    badge = Signal(str)
    accessible_role = Role.Pane
    shortened: Sequence[Button] = ()
    """The buttons that show only their icons on a narrow page."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.station = context.station

    @property
    def module(self) -> ModuleState:
        """The latest state of the built-in module from the engine."""
        return self.context.module.state

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show words or only icons on the buttons that have both."""
        for button in self.shortened:
            button.show_words(self.width() >= em(self, _WORDS_FROM))
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Activate and refresh the page."""
        super().showEvent(event)
        self.activate()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Deactivate the page."""
        super().hideEvent(event)
        self.deactivate()

    def activate(self) -> None:
        """Start the page's work; called when it is shown."""

    def deactivate(self) -> None:
        """Stop the page's work; called when it is hidden or the window closes."""

    def take(self, events: Sequence[Stamped]) -> None:
        """Process a batch of events; hidden pages receive it too."""

    def refresh(self) -> None:
        """Show the current state; called when the page is shown, and once a second while it is."""

    def reveal(self, part: str) -> None:
        """Bring a named part of the page into view; unknown names are ignored."""

    def open_file(self, path: Path) -> None:
        """Open a file from outside; only the pages Site and Traffic do."""

    def enter(self) -> None:
        """Set the focus to the first field of the page in the order of Tab; without a field, to its first control."""
        controls: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            in_order = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
            if in_order and self.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
                controls.append(widget)
            widget = widget.nextInFocusChain()
        fields = [control for control in controls if isinstance(control, _FIELDS)]
        for first in (fields or controls)[:1]:
            point_out(first)

    def state(self) -> dict[str, object]:
        """Return the choices to save for a restart or a change of language, as plain JSON values.

        Tables and splitters with object names are saved by the window already.
        """
        return {}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore what `state` returned; missing and unexpected entries are ignored."""
