"""The files of the page Traffic: recording, saving rows, opening captures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.traffic.capture import capture_text
from cmi_gui.engine.traffic.capture_reading import CaptureError, CaptureFault, CaptureReader, Stopped
from cmi_gui.engine.traffic.store import TrafficRow
from cmi_gui.ui.dialogs import FileKind, ask_open_file, ask_save_as, ask_save_file, confirm
from cmi_gui.ui.models.recent import RecentFiles, menu_text
from cmi_gui.ui.models.tables import FORMATS
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.export import traffic_table
from cmi_gui.ui.pages.traffic.record_button import RecordButton
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.text.messages import reason_text
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import em


class TrafficFiles(QObject):
    """The actions of the page on files, which are read and written in the background.

    Signals: `opened(object)`, a `Capture`; `progressed(object)`, the share (0 to 1) of a file read so far, None when
    the reading has ended.
    """

    opened = Signal(object)
    progressed = Signal(object)

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self._reader: CaptureReader | None = None
        self.recent = RecentFiles()
        self._recorded: Path | None = None
        """The recording that was last added to `recent`."""

    # Recording

    def record_button(self) -> RecordButton:
        """Return a button that starts a recording, after the choice whether passwords are masked, and stops it."""
        button = RecordButton(self.tr("Record"), self._page)
        menu = QMenu(button)
        menu.setAccessibleName(self.tr("Record"))
        menu.addAction(self.tr("Record with masked passwords..."), self._ask_file)
        menu.addAction(self.tr("Record with passwords in clear text..."), self._ask_in_clear)
        recording = self._context.recording

        def clicked() -> None:
            if recording.active:
                recording.stop()
            else:
                menu.popup(button.mapToGlobal(QPoint(0, button.height())))

        button.clicked.connect(clicked)
        recording.changed.connect(self._recording_changed)
        self._button, self.menu = button, menu
        self._recording_changed()
        return button

    def _recording_changed(self) -> None:
        recording = self._context.recording
        if recording.path is not None and recording.path != self._recorded:
            self._recorded = recording.path
            self.recent.add(recording.path)
        text = self.tr("Stop recording") if recording.active else self.tr("Record")
        if self._button.text() != text:
            self._button.set_words(text)
            self._button.show_recording(recording.active)
        if recording.active:
            set_tooltip(self._button, self.tr("Recording to {0}").format(recording.path))
        else:
            set_tooltip(self._button, self.tr("Write all traffic to a file as it arrives"))

    def _ask_in_clear(self) -> None:
        confirm(
            self._page,
            self.tr("Record passwords in clear text?"),
            self.tr(
                "Anyone who has the file can read the passwords P1 and P2 that are sent during the recording."
                " The file contains a note about this, and only your user account can open it."
            ),
            self.tr("Record passwords in clear text"),
            lambda: self._ask_file(secrets_in_clear=True),
        )

    def _ask_file(self, *, secrets_in_clear: bool = False) -> None:
        ask_save_file(
            self._page,
            self.tr("Record traffic"),
            self.tr("Captures (*.txt);;All files (*)"),
            f"{self._context.file_stem('recording')}.txt",
            lambda path: self._context.recording.start(path, secrets_in_clear=secrets_in_clear),
        )

    # Saving

    def save(self, rows: Sequence[TrafficRow], source: TrafficSource) -> None:
        """Ask for a file and save rows as a capture or a table; masked bytes stay masked."""
        context, tables, local, now = self._context, self._context.tables, source.local, source.now()
        recent, notes = self.recent, dict(source.store.bookmarks)
        # A change of language rebuilds all pages, so this page may be deleted by then.
        saved, failed = self.tr("{0} telegrams saved in {1}"), self.tr("{0} cannot be written: {1}")

        def write(path: Path) -> None:
            text = capture_text(rows, lambda at: local(at).timestamp(), local(now), notes)
            write_atomically(path, text.encode(), private=False)

        def chosen(path: Path, kind: int) -> None:
            if kind:
                tables.save(path, FORMATS[kind - 1], traffic_table(rows, local, notes))
                return

            def written(_: None) -> None:
                recent.add(path)
                context.add_message(Level.GOOD, saved.format(len(rows), path.name))

            context.background.run(
                lambda: write(path),
                written,
                lambda error: _report_failure(context, error, failed, path),
            )

        kinds = [FileKind(self.tr("Capture"), "txt"), *tables.kinds()]
        ask_save_as(self._page, self.tr("Save these rows"), kinds, 0, context.file_stem("traffic"), chosen)

    # Opening

    def show_open_menu(self, button: QWidget) -> None:
        """Show a menu with the recent files below the button; without any, ask for a file."""
        if not self.recent.paths:
            self.ask_open()
            return
        menu = self.open_menu(button)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def open_menu(self, parent: QWidget) -> QMenu:
        """Return a menu with the recent files."""
        menu = QMenu(parent)
        menu.setAccessibleName(self.tr("Open"))
        menu.addAction(self.tr("Open a file..."), self.ask_open).setShortcut(QKeySequence.StandardKey.Open)
        menu.addSeparator()
        for path in self.recent.paths:
            text = menu.fontMetrics().elidedText(menu_text(path), Qt.TextElideMode.ElideRight, em(parent, 90))
            menu.addAction(text, partial(self.open, path))
        menu.addSeparator()
        menu.addAction(self.tr("Clear this list"), self.recent.clear)
        return menu

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        filters = self.tr("Captures and logs (*.txt *.log *.hex *.csv);;All files (*)")
        ask_open_file(self._page, self.tr("Open a capture"), filters, self.open)

    def open(self, path: Path) -> None:
        """Read a capture or a log and emit `opened` at the end; another file that is being read is abandoned."""
        station = self._context.station
        mask, limit = station.mask, station.traffic.max_bytes
        self.progressed.emit(0.0)
        self._context.background.run(
            lambda: CaptureReader(path, mask, limit),
            self._begin,
            lambda error: self._not_opened(error, path),
            owner=self,
        )

    def cancel(self) -> None:
        """Stop reading a file; `opened` is not emitted."""
        self._reader = None
        self.progressed.emit(None)

    def _begin(self, reader: CaptureReader) -> None:
        self._reader = reader
        self._step(reader)

    def _step(self, reader: CaptureReader) -> None:
        # In steps, because the same thread also writes recordings and settings.
        self._context.background.run(
            reader.step,
            lambda more: self._stepped(reader, more),
            lambda error: self._not_opened(error, reader.capture.path),
            owner=self,
        )

    def _stepped(self, reader: CaptureReader, more: bool) -> None:
        if reader is not self._reader:
            return
        if more:
            self.progressed.emit(reader.share)
            self._step(reader)
            return
        self.cancel()
        capture = reader.capture
        self.recent.add(capture.path)
        self.opened.emit(capture)
        name = capture.path.name
        if capture.stopped is Stopped.BAD_LINES:
            words = self.tr("{0} was opened only in part: {1} lines cannot be read")
            self._context.add_message(Level.WARNING, words.format(name, capture.bad_lines))
        elif capture.stopped is Stopped.FULL:
            words = self.tr("{0} exceeds the memory limit; only its first {1} telegrams are shown")
            self._context.add_message(Level.WARNING, words.format(name, len(capture.store)))

    def _not_opened(self, error: Exception, path: Path) -> None:
        self.cancel()
        if isinstance(error, FileNotFoundError) and path.absolute() in self.recent.paths:
            confirm(
                self._page,
                self.tr("The file is gone"),
                self.tr("{0} is no longer in {1}. Should it be removed from the recent files?").format(
                    path.name, path.parent
                ),
                self.tr("Remove from the list"),
                lambda: self.recent.remove(path),
            ).setObjectName("goneQuestion")
            return
        if not isinstance(error, CaptureError):
            _report_failure(self._context, error, self.tr("{0} cannot be opened: {1}"), path)
            return
        match error.fault:
            case CaptureFault.NO_FILE:
                words = self.tr("{0} cannot be opened: it is a device or a pipe, not a file")
            case CaptureFault.TOO_BIG:
                words = self.tr("{0} cannot be opened: it is larger than 1 GiB")
            case CaptureFault.BINARY:
                words = self.tr("{0} cannot be opened: it is not a text file")
            case CaptureFault.VERSION:
                words = self.tr("{0} cannot be opened: this program does not support version {1} of the capture format")
        self._context.add_message(Level.ERROR, words.format(path.name, error.detail))


def _report_failure(context: Context, error: Exception, words: str, path: Path) -> None:
    if not isinstance(error, OSError):
        raise error
    context.add_message(Level.ERROR, words.format(path.name, reason_text(error)))
