"""The field for the traffic filter, with completion while typing and help with F1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QWidget

from cmi_gui.engine.traffic.filter import FilterError, FilterFault, Key, complete, parse_filter, quoted, with_value
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.widgets.plain.fields import TextField
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars


def filter_error_text(error: FilterError) -> str:
    """Return a sentence about what is wrong with a filter, and where."""
    given, place = error.given, error.position + 1
    match error.fault:
        case FilterFault.UNKNOWN_KEY:
            words = translate("Filter", "Unknown key “{0}”; to search for a word with a colon, put it in quotes")
        case FilterFault.NO_VALUE:
            words = translate("Filter", "“{0}:” needs a value")
        case FilterFault.OPEN_QUOTE:
            words = translate("Filter", "The quote at character {1} is not closed")
        case FilterFault.LONE_MINUS:
            words = translate("Filter", "The minus at character {1} excludes nothing; put it directly before a term")
        case FilterFault.BAD_SIDE:
            words = translate("Filter", "“{0}” is not a side; use mbus or meter")
        case FilterFault.BAD_DIRECTION:
            words = translate("Filter", "“{0}” is not a direction; use rx or tx")
        case FilterFault.BAD_ADDRESS:
            words = translate("Filter", "“{0}” is not an address; use 0 to 255, a range such as 1-9, or none")
        case FilterFault.BAD_TYPE:
            words = translate(
                "Filter", "“{0}” is not a type of telegram; an asterisk stands for the rest of a name, as in REQ*"
            )
        case FilterFault.BAD_HEX:
            words = translate(
                "Filter", "“{0}” is not a byte; use two hex digits, .. for any byte, * for any number of bytes"
            )
        case FilterFault.BAD_TIME:
            words = translate("Filter", "“{0}” is not a time; use 30s, 5m, 2h or 1d before now, or 14:05 today")
        case FilterFault.BAD_ANSWER:
            words = translate("Filter", "“{0}” is not a time of answers; use > or < with ms, s or bit, as in >50ms")
        case FilterFault.BAD_FLAG:
            words = translate("Filter", "“{0}” is not a flag; use error, silence, retry, masked or bookmark")
        case FilterFault.TIME_IN_RULE:
            words = translate("Filter", "“{0}:” depends on the present time; a colour rule cannot have it")
    return words.format(given, place)


class FilterField(TextField):
    """A field for a text in the filter language.

    `occurring` returns the values to offer, by key; it is called only when choices are offered or taken.
    Signals: `changed(object)`, a `TrafficFilter` after every valid change; `refused(object)`, the `FilterError` after
    an invalid one; `help_requested()`, F1 was pressed.
    """

    changed = Signal(object)
    refused = Signal(object)
    help_requested = Signal()

    def __init__(self, occurring: Callable[[], Mapping[Key, Sequence[str]]], parent: QWidget | None = None) -> None:
        super().__init__(parent, icon="search")
        self._occurring = occurring
        self._valid_text = ""
        self._offers = QStringListModel(self)
        self._completer = QCompleter(self._offers, self)
        # Not `setCompleter`: that would complete the whole line instead of the word at the cursor.
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated.connect(self._take)
        popup = self._completer.popup()
        assert popup is not None
        self._popup = popup
        slim_scroll_bars(popup)
        # Installed after the completer's own filter, because Qt calls the last one first.
        popup.installEventFilter(self)
        popup.setAccessibleName(self.tr("Suggestions"))
        self.setClearButtonEnabled(True)
        self.textChanged.connect(self._read)
        self.textEdited.connect(self._typed)

    @property
    def valid_text(self) -> str:
        """The text of the filter in force, the last valid one."""
        return self._valid_text

    def rewrite(self, key: Key, value: str | None) -> None:
        """Change a term in the text, which alone decides what is shown; None removes it."""
        self.setText(with_value(self._valid_text, key, value))

    def exclude(self, key: Key, value: str) -> None:
        """Add a term that excludes a value."""
        self.setText(f"{self._valid_text} -{key}:{quoted(value)}".strip())

    @property
    def offers(self) -> list[str]:
        """The choices offered at the cursor."""
        return self._offers.stringList()

    def event(self, event: QEvent) -> bool:
        """Claim F1, which is the window's shortcut elsewhere, while the field has the focus."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.HelpContents)
        ):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the marked choice, or else the first, on Tab; Qt would move the focus."""
        popup = self._completer.popup()
        if (
            watched is popup
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
        ):
            marked = popup.currentIndex().row()
            popup.hide()
            self._take(self.offers[max(0, marked)])
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the help on F1, offer choices on Ctrl+Space and Down; on Escape close them, or clear the text."""
        if event.matches(QKeySequence.StandardKey.HelpContents):
            self.help_requested.emit()
            return
        offer_requested = event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if offer_requested or event.key() == Qt.Key.Key_Down:
            self.offer()
            return
        if event.key() == Qt.Key.Key_Escape and (self._popup.isVisible() or self.text()):
            if self._popup.isVisible():
                self._popup.hide()
            else:
                self.clear()
            return
        super().keyPressEvent(event)

    def _read(self, text: str) -> None:
        try:
            wanted = parse_filter(text)
        except FilterError as error:
            self._drop_partial_key(text)
            self.refused.emit(error)
            return
        self._valid_text = text
        self.changed.emit(wanted)

    def _drop_partial_key(self, text: str) -> None:
        """Drop the last word from the filter if it has become a key: `side` on the way to `side:mbus`."""
        before, _, word = self._valid_text.rpartition(" ")
        more = text.removeprefix(self._valid_text)
        if word and more != text and ":" not in word and ":" in more.partition(" ")[0]:
            self._valid_text = before
            self.changed.emit(parse_filter(before))

    def _typed(self) -> None:
        # Choices are offered unasked only in a word; after every blank they would be in the way.
        begun = self.text()[: self.cursorPosition()].rpartition(" ")[2].lstrip("-")
        if begun:
            self.offer()
        else:
            self._popup.hide()

    def offer(self) -> None:
        """Show the choices at the cursor."""
        self._offers.setStringList(list(complete(self.text(), self.cursorPosition(), self._occurring()).choices))
        if not self._offers.rowCount():
            self._popup.hide()
            return
        area = self.rect()
        area.setLeft(self.cursorRect().left())
        area.setWidth(self._popup.sizeHintForColumn(0) + 40)
        self._completer.complete(area)

    def _take(self, choice: str) -> None:
        cursor = self.cursorPosition()
        offered = complete(self.text(), cursor, self._occurring())
        behind = "" if choice.endswith(":") else " "
        if self.text()[cursor : cursor + 1].isspace():
            behind = ""
        self.setText(self.text()[: offered.start] + choice + behind + self.text()[cursor:])
        self.setCursorPosition(offered.start + len(choice) + len(behind))
        if choice.endswith(":"):
            self.offer()
