"""A form for the fields of an M-Bus telegram: it makes the bytes, and shows the fields of other ones."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.mbus.frame import (
    FCB,
    FCV,
    MAX_DATA,
    REQ_UD1,
    REQ_UD2,
    SND_NKE,
    SND_UD,
    Frame,
    FrameKind,
    Function,
)
from cmi_gui.engine.mbus.raw import repaired
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Segments, Switch
from cmi_gui.ui.widgets.plain.fields import ChoiceField, TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Stretch, column_of, row_of

_FUNCTIONS = {
    Function.SND_NKE: SND_NKE,
    Function.SND_UD: SND_UD,
    Function.REQ_UD1: REQ_UD1,
    Function.REQ_UD2: REQ_UD2,
}
_COUNTED = FCB | FCV
_CHECKSUM_AT = -2


class TelegramBuilder(QWidget):
    """A form with kind, C field, address, CI field, data, and a checksum that may be wrong on purpose.

    Signals: `built(object)`, the bytes after a change by the user.
    """

    built = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        kinds = [
            (self.tr("Short"), FrameKind.SHORT),
            (self.tr("Control"), FrameKind.CONTROL),
            (self.tr("Long"), FrameKind.LONG),
        ]
        self.kind = Segments(kinds, self.tr("Kind of telegram"), self, object_name="sendKind")
        self.function = ChoiceField(self.tr("C field"), self, object_name="sendFunction")
        for function, code in _FUNCTIONS.items():
            self.function.addItem(function.value, code)
        self.function.setCurrentIndex(self.function.findData(REQ_UD2))
        self.fcb = Switch("FCB", self, object_name="sendFcb", tip=self.tr("Frame count bit"))
        self.fcv = Switch("FCV", self, object_name="sendFcv", tip=self.tr("The frame count bit is valid"))
        self.fcv.setChecked(True)
        self.address = TextField(self, name=self.tr("Address"), object_name="sendAddress")
        self.address.setValidator(QIntValidator(0, 0xFF, self.address))
        self.address.setText("0")
        self.ci = TextField(self, name=self.tr("CI field in hex"), object_name="sendCi")
        set_tooltip(self.ci, self.tr("50 application reset, 51 data, 52 selection, B8 to BF speed"))
        self.ci.setText("51")
        self.data = TextField(self, name=self.tr("Data in hex"), object_name="sendData")
        self.data.setPlaceholderText(self.tr("DIF, VIF and value of each record"))
        self.wrong = Switch(self.tr("Wrong checksum"), self, object_name="sendWrong")
        set_tooltip(self.wrong, self.tr("To test that a slave ignores a damaged telegram"))
        for field, width in ((self.address, 7), (self.ci, 6)):
            field.setFixedWidth(em(self, width))
        self._lay_out()
        self.kind.chosen.connect(self._kind_chosen)
        self.function.activated.connect(self._function_chosen)
        for switch in (self.fcb, self.fcv, self.wrong):
            switch.clicked.connect(self._edited)
        for field in (self.address, self.ci, self.data):
            field.textEdited.connect(self._edited)
        self._enable()

    def _lay_out(self) -> None:
        first = row_of(self.kind, self.function, self.fcb, self.fcv, Stretch(), self.wrong)
        names = (self.tr("Address"), "CI", self.tr("Data"))
        labels = [DimLabel(name, self) for name in names]
        for label, field in zip(labels, (self.address, self.ci, self.data), strict=True):
            label.setBuddy(field)
        second = row_of(labels[0], self.address, labels[1], self.ci, labels[2], (self.data, 1))
        column_of(first, second, within=self, margins=0, spacing=SPACE.xs)

    def show_telegram(self, data: bytes) -> None:
        """Show the fields of a telegram; bytes that are none change nothing."""
        frame = repaired(data)
        if frame is None or frame.kind is FrameKind.ACK:
            return
        self.kind.show_value(frame.kind)
        code = SND_NKE if frame.c == SND_NKE else frame.c & ~_COUNTED | self._count_bits_of(frame)
        self.function.setCurrentIndex(self.function.findData(code))
        self.fcb.setChecked(frame.fcb)
        self.fcv.setChecked(frame.fcv)
        self.address.setText(str(frame.a))
        if frame.kind is not FrameKind.SHORT:
            self.ci.setText(f"{frame.ci:02X}")
        self.data.setText(hex_text(frame.data, ()))
        self.wrong.setChecked(frame.to_bytes() != data)
        self._show_wrong()
        self._enable()

    def _count_bits_of(self, frame: Frame) -> int:
        """Return the count bits with which the function of a frame is listed."""
        return next((code & _COUNTED for code in _FUNCTIONS.values() if not (code ^ frame.c) & ~_COUNTED), 0)

    def _kind_chosen(self, _kind: object) -> None:
        self._enable()
        self._edited()

    def _function_chosen(self, _index: int) -> None:
        self.fcv.setChecked(bool(self.function.currentData() & FCV))
        if self.function.currentData() == SND_NKE:
            self.fcb.setChecked(False)
        self._edited()

    def _enable(self) -> None:
        kind = self.kind.value()
        self.ci.setEnabled(kind is not FrameKind.SHORT)
        self.data.setEnabled(kind is FrameKind.LONG)

    def _edited(self) -> None:
        telegram = self._telegram()
        self._show_wrong()
        if telegram is not None:
            self.built.emit(telegram)

    def _show_wrong(self) -> None:
        octets = self.tr("hex octets are needed, {0} at most")
        set_wrong(self.address, "" if self.address.hasAcceptableInput() else self.tr("an address is 0 to 255"))
        set_wrong(self.ci, octets.format(1) if self._octets(self.ci, 1) is None else "")
        set_wrong(self.data, octets.format(MAX_DATA) if self._octets(self.data, MAX_DATA) is None else "")

    def _octets(self, field: TextField, most: int) -> bytes | None:
        try:
            octets = bytes.fromhex(field.text())
        except ValueError:
            return None
        return octets if len(octets) <= most and (octets or field is self.data) else None

    def _telegram(self) -> bytes | None:
        """Return the telegram of the fields; None while one of them is invalid."""
        kind = self.kind.value()
        ci, data = self._octets(self.ci, 1), self._octets(self.data, MAX_DATA)
        if not self.address.hasAcceptableInput() or ci is None or data is None:
            return None
        base = self.function.currentData()
        if base is None:
            return None
        c = base & ~_COUNTED | FCB * self.fcb.isChecked() | FCV * self.fcv.isChecked()
        a = int(self.address.text())
        if kind is FrameKind.SHORT:
            frame = Frame.short(c, a)
        else:
            frame = Frame.long(c, a, ci[0], data if kind is FrameKind.LONG else b"")
        telegram = bytearray(frame.to_bytes())
        if self.wrong.isChecked():
            telegram[_CHECKSUM_AT] ^= 0xFF
        return bytes(telegram)
