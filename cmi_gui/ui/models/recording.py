"""The recording of traffic into a capture file; it continues across changes of page and language."""

from __future__ import annotations

import dataclasses
import logging
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.bookmarks import bookmark_line
from cmi_gui.engine.traffic.capture import CaptureWriter
from cmi_gui.engine.traffic.store import TrafficRow
from cmi_gui.ui.background import Background
from cmi_gui.ui.text.messages import reason_text
from cmi_gui.ui.text.words import Level

_log = logging.getLogger(__name__)

_GATHER_MS = 200


class Recording(QObject):
    """A recording of every telegram from `start` on, at most one at a time.

    `path`, `started` (local time) and `rows` describe the running or the last recording; `path` is None before the
    first. Rows are gathered from the store by a timer that runs only while recording, and written in the background.
    A file error ends the recording and nothing else.
    Signals: `changed()`, when it began, grew or ended; `reported(Level, str)`, with a sentence, when it began, ended,
    could not begin, or had to end.
    """

    changed = Signal()
    reported = Signal(object, str)

    def __init__(self, station: Station, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._background = background
        self._writer: CaptureWriter | None = None
        self._last_writer: CaptureWriter | None = None
        """The last writer made, for `close` if the result of its job is no longer delivered."""
        self._opening = False
        self._next = 0
        self._unmasked: dict[int, bytes] = {}
        self.path: Path | None = None
        self.started: datetime | None = None
        self.rows = 0
        self.size = 0
        """Bytes written so far."""
        self.secrets_in_clear = False
        self._timer = QTimer(self, interval=_GATHER_MS)
        self._timer.timeout.connect(self.gather)

    @property
    def active(self) -> bool:
        """True while traffic is being recorded."""
        return self._writer is not None

    def start(self, path: Path, *, secrets_in_clear: bool = False) -> None:
        """Record into `path`, which is created or emptied; passwords are masked unless `secrets_in_clear`.

        Does nothing while another recording runs or starts.
        """
        if self._writer is not None or self._opening:
            return
        self._opening = True
        station = self._station
        started = station.anchor.local(station.clock.now())
        # Traffic that comes while the file is being opened belongs in it.
        self._next = len(station.traffic)
        if secrets_in_clear:
            station.traffic.on_masked = self._unmasked.__setitem__

        def work() -> CaptureWriter:
            writer = CaptureWriter(path, started, station.anchor.wall, secrets_in_clear=secrets_in_clear)
            self._last_writer = writer
            return writer

        def opened(writer: CaptureWriter) -> None:
            self._opening = False
            self._writer = writer
            self.path, self.started, self.secrets_in_clear = path, started, secrets_in_clear
            self.rows = self.size = 0
            self._timer.start()
            self.changed.emit()
            self.reported.emit(Level.GOOD, self.tr("Recording to {0}").format(path.name))

        def not_opened(error: Exception) -> None:
            self._opening = False
            self._forget_secrets()
            if not isinstance(error, OSError):
                raise error
            self.reported.emit(Level.ERROR, self.tr("Cannot record to {0}: {1}").format(path, reason_text(error)))

        self._background.run(work, opened, not_opened)

    def gather(self) -> None:
        """Write the rows added since the last call; must be called before rows are cleared from the store."""
        writer, store = self._writer, self._station.traffic
        if writer is None or self._next == len(store):
            return
        rows: list[TrafficRow | str] = []
        for index in range(max(self._next, store.first), len(store)):
            rows.append(self._taken(store.row(index)))
            if index in store.bookmarks:
                rows.append(self._bookmark(self.rows, index))
            self.rows += 1
        self._next = len(store)
        self._unmasked.clear()
        self._write(writer, rows)
        self.changed.emit()

    def write_bookmark(self, index: int) -> None:
        """Write that the bookmark of a row was set, changed or removed, if the recording already has the row."""
        number = self.rows - (self._next - index)
        if self._writer is not None and number >= 0 and self._station.traffic.first <= index < self._next:
            self._write(self._writer, [self._bookmark(number, index)])

    def stop(self) -> None:
        """End the recording; everything received so far is still written."""
        self.gather()
        writer = self._detach_writer()
        if writer is not None:
            name, rows = writer.path.name, self.rows

            def closed(_: None) -> None:
                words = self.tr("Recording to {0} ended; rows written: {1}")
                self.reported.emit(Level.GOOD, words.format(name, rows))

            self._background.run(writer.close, closed, lambda error: self._report_failure(writer, error))
            self.changed.emit()

    def close(self) -> None:
        """End the recording on this thread when the window closes, after `Background.close`."""
        self.gather()
        self._detach_writer()
        writer, self._last_writer = self._last_writer, None
        if writer is not None:
            try:
                writer.close()
            except OSError as error:
                _log.warning("the recording in %s is not complete: %s", writer.path, error)

    # Inside

    def _bookmark(self, number: int, index: int) -> str:
        """Return the line for the bookmark of a row, which is the `number`th of the recording."""
        store = self._station.traffic
        return bookmark_line(number, self._station.anchor.wall(store.at(index)), store.bookmarks.get(index))

    def _write(self, writer: CaptureWriter, rows: list[TrafficRow | str]) -> None:
        writer.add(rows)
        self._background.run(writer.write, self._written, lambda error: self._write_failed(writer, error))

    def _taken(self, row: TrafficRow) -> TrafficRow:
        data = self._unmasked.get(row.index)
        return row if data is None else dataclasses.replace(row, data=data, masked=())

    def _written(self, size: int) -> None:
        self.size = size
        self.changed.emit()

    def _write_failed(self, writer: CaptureWriter, error: Exception) -> None:
        if writer is not self._writer:
            return
        self._detach_writer()
        # Closing tries to write again; its second failure is ignored.
        self._background.run(writer.close, lambda _: None, lambda _: None)
        self._report_failure(writer, error)
        self.changed.emit()

    def _report_failure(self, writer: CaptureWriter, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self.reported.emit(
            Level.ERROR,
            self.tr("The recording was stopped: {1}. Earlier telegrams are in {0}").format(
                writer.path, reason_text(error)
            ),
        )

    def _detach_writer(self) -> CaptureWriter | None:
        self._timer.stop()
        self._forget_secrets()
        writer, self._writer = self._writer, None
        return writer

    def _forget_secrets(self) -> None:
        self._station.traffic.on_masked = None
        self._unmasked.clear()
