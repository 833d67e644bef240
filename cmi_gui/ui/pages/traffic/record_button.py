"""The button that starts and stops a recording."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.marks import Pulse, paint_mark


class RecordButton(Button):
    """A button whose icon is the pulsing mark of a recording while one runs."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent, icon="record", object_name="trafficRecord")
        self._recording = False
        self.pulse = Pulse(self)

    def show_recording(self, recording: bool) -> None:
        """Show whether a recording runs."""
        self._recording = recording
        self.pulse.run(recording)
        self.update()

    def paint_icon(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        """Paint the mark or the icon."""
        if self._recording:
            paint_mark(painter, Mark.RECORDING, place, colours(self.palette()), glow=self.pulse.glow)
        else:
            super().paint_icon(painter, place, ink)
