"""The device: an E350 meter with its display, and the CMi1020 in its module slot, laid out as in the quick manual."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import Colours, colours
from cmi_gui.ui.widgets.device.canvas import SIZE, Canvas, centred, crisp, device_font, stroke
from cmi_gui.ui.widgets.device.keys import PushKey, Rocker, ScrollKey
from cmi_gui.ui.widgets.device.lamp import Lamp
from cmi_gui.ui.widgets.device.lcd import ARROW_X, MeterDisplay
from cmi_gui.ui.widgets.device.steady_line import SteadyLine
from cmi_gui.ui.widgets.device.voltage import VoltageMark, VoltageSlider
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken

_PLATE = QRectF(52, 38, 696, 248)
_LCD = QRectF(76, 92, 484, 152)
_NOTE = QRectF(76, 265, 480, 20)
"""The place on the plate for a note on where the display's content comes from."""
_MODULE = QRectF(52, 302, 696, 300)
_STICKER = QRectF(76, 354, 214, 72)
_TERMINALS = {"B": 76.0, "A": 300.0, "M": 524.0}
"""Left edge of each terminal block."""
_BLOCK_WIDTH = 200.0
_BLOCK_TOP = 464.0


class DeviceFace(Canvas, Spoken):
    """The device: body, plates and lettering; parts that change or can be operated are child widgets.

    Attributes: `led_red`, `led_green`, `button`, `scroll_key`, `display`, `rate_a`, `rate_b`, `bus` (sliders),
    `rate_a_switch`, `rate_b_switch`, `bus_switch`, and `steady`, the progress of a new combination of the inputs.
    """

    accessible_role = Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._serial = ""
        self._meter_type = ""
        self._meter_number = ""
        self._captions = {"B": "", "A": "", "M": ""}
        self._real_meter = False
        self._meter_drawn = True
        self.setAccessibleName(self.tr("The meter and the module in it"))

        self.display = MeterDisplay(self)
        self.place(self.display, "meterDisplay", _LCD)
        self.scroll_key = ScrollKey(self.tr("Scroll the meter's display"), self._scroll_tip(), self)
        self.place(self.scroll_key, "meterScroll", QRectF(660, 136, 60, 60))

        self.led_red = Lamp("red", self.tr("Red LED"), self)
        set_tooltip(
            self.led_red, self.tr("Red LED, error. A short flash every five seconds: no contact with the meter")
        )
        self.led_green = Lamp("green", self.tr("Green LED"), self)
        set_tooltip(
            self.led_green, self.tr("Green LED. A short flash every five seconds: communication with the meter")
        )
        self.place(self.led_red, "ledRed", QRectF(330, 358, 44, 44))
        self.place(self.led_green, "ledGreen", QRectF(418, 358, 44, 44))

        self.button = PushKey(
            self.tr("Push button (5): toggles the disconnector"),
            self.tr("Push button: toggles the meter's disconnector. Switching takes about 10 seconds"),
            self,
        )
        self.place(self.button, "breakerButton", QRectF(584, 342, 140, 88))

        active = VoltageMark(24, "24"), VoltageMark(230, "230 V")
        tip = self.tr("Rate input {name}, volts AC. Active from 24 V, at most 230 V")
        self.rate_b = VoltageSlider(
            230, active, (24, 230), self.tr("Rate input B, volts AC"), tip.format(name="B"), self
        )
        self.rate_a = VoltageSlider(
            230, active, (24, 230), self.tr("Rate input A, volts AC"), tip.format(name="A"), self
        )
        self.bus = VoltageSlider(
            50,
            (VoltageMark(0, "0"), VoltageMark(21, "21"), VoltageMark(42, "42 V")),
            (21, 42),
            self.tr("M-Bus voltage, volts DC"),
            self._bus_tip(real=False),
            self,
        )
        self.rate_b_switch = Rocker(self.tr("Rate input B on"), self.tr("Switches 230 V at input B on and off"), self)
        self.rate_a_switch = Rocker(self.tr("Rate input A on"), self.tr("Switches 230 V at input A on and off"), self)
        self.bus_switch = Rocker(self.tr("M-Bus voltage on"), self._switch_tip(real=False), self)
        for key, slider, rocker, name in (
            ("B", self.rate_b, self.rate_b_switch, "rateInputB"),
            ("A", self.rate_a, self.rate_a_switch, "rateInputA"),
            ("M", self.bus, self.bus_switch, "busVoltage"),
        ):
            left = _TERMINALS[key]
            self.place(rocker, f"{name}Switch", QRectF(left - 2, _BLOCK_TOP + 62, 52, 42))
            self.place(slider, name, QRectF(left + 54, _BLOCK_TOP + 68, _BLOCK_WIDTH - 50, 46))
        self.steady = SteadyLine(self)
        steady_at = QRectF(_TERMINALS["B"], _BLOCK_TOP + 116, _BLOCK_WIDTH + 224, 18)
        self.place(self.steady, "rateInputsSteady", steady_at)
        switches = self.rate_b_switch, self.rate_b, self.rate_a_switch, self.rate_a, self.bus_switch, self.bus
        for before, after in pairwise((self.scroll_key, self.button, *switches)):
            QWidget.setTabOrder(before, after)

    def sizeHint(self) -> QSize:
        """Return the size at one pixel per logical unit."""
        return QSize(round(SIZE[0]), round(SIZE[1]))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is still readable."""
        return QSize(round(SIZE[0] * 0.6), round(SIZE[1] * 0.6))

    def set_labels(self, serial: str, meter_type: str, meter_number: str) -> None:
        """Set the texts printed on module and meter; empty if unknown."""
        if (serial, meter_type, meter_number) != (self._serial, self._meter_type, self._meter_number):
            self._serial, self._meter_type, self._meter_number = serial, meter_type, meter_number
            meter = self.tr("Meter {0}").format(meter_number) if meter_number else ""
            printed = ("E350", meter_type, meter, "CMi1020", self.tr("SN {0}").format(serial))
            self.setAccessibleDescription(", ".join(filter(None, printed)))
            self.update()

    def set_real_meter(self, real: bool, *, drawn: bool = True) -> None:
        """Set whether the drawn meter represents a real one, whose display cannot be seen from here.

        `drawn`: whether there is a readout to draw it from.
        """
        if drawn != self._meter_drawn:
            self._meter_drawn = drawn
            self.update()
        if real != self._real_meter:
            self._real_meter = real
            self.scroll_key.setEnabled(not real)
            set_tooltip(self.scroll_key, self._scroll_tip())
            words = self.tr("Drawn from the last readout. The program cannot see the display of the real meter")
            set_tooltip(self.display, words if real else "")
            self.update()

    def _scroll_tip(self) -> str:
        if self._real_meter:
            return self.tr("A real meter is wired: press its own button")
        return self.tr("The meter's button: shows the next value")

    def set_real_bus(self, real: bool) -> None:
        """Set whether a real bus is wired, whose voltage cannot be measured or changed from here."""
        if real is self.bus.isEnabled():
            self.bus.setEnabled(not real)
            self.bus_switch.setEnabled(not real)
            set_tooltip(self.bus, self._bus_tip(real=real))
            set_tooltip(self.bus_switch, self._switch_tip(real=real))

    def _bus_tip(self, *, real: bool) -> str:
        if real:
            return self.tr(
                "A real bus is wired: a serial port cannot measure its voltage, so the module counts as powered"
            )
        return self.tr("Voltage of the M-Bus. The module works from 21 to 42 V DC, either polarity")

    def _switch_tip(self, *, real: bool) -> str:
        return self._bus_tip(real=True) if real else self.tr("Switches the bus voltage on and off")

    def set_captions(self, rate_b: str, rate_a: str, bus: str) -> None:
        """Set the second line beside each terminal: the voltage, and the module's interpretation of it."""
        captions = {"B": rate_b, "A": rate_a, "M": bus}
        if captions != self._captions:
            self._captions = captions
            for slider, words in ((self.rate_b, rate_b), (self.rate_a, rate_a), (self.bus, bus)):
                slider.setAccessibleDescription(words)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint everything that is not a child widget."""
        c = colours(self.palette())
        painter = self.painter()
        self._body(painter, c)
        self._plate(painter, c)
        self._module(painter, c)

    def _body(self, painter: QPainter, c: Colours) -> None:
        body = QRectF(24, 12, 752, 614)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.shadow)
        for spread in (1.0, 3.0, 5.0, 8.0):
            painter.drawRoundedRect(body.adjusted(2 - spread, 3, spread * 0.6, spread), 32, 32)
        shade = QLinearGradient(body.topLeft(), body.bottomRight())
        shade.setColorAt(0, c.body_top)
        shade.setColorAt(1, c.body_bottom)
        painter.setBrush(shade)
        painter.setPen(stroke(c.edge))
        painter.drawRoundedRect(crisp(painter, body), 30, 30)

    def _plate(self, painter: QPainter, c: Colours) -> None:
        painter.setPen(stroke(c.edge))
        painter.setBrush(c.plate)
        painter.drawRoundedRect(crisp(painter, _PLATE), 14, 14)
        painter.setPen(c.plate_text)
        painter.setFont(device_font(26, strong=True))
        painter.drawText(QRectF(76, 48, 120, 38), Qt.AlignmentFlag.AlignVCenter, "E350")
        painter.setFont(device_font(14))
        painter.setPen(c.plate_dim)
        painter.drawText(QRectF(152, 50, 300, 38), Qt.AlignmentFlag.AlignVCenter, self._meter_type)
        if self._meter_number:
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(400, 50, 324, 38), right, self.tr("Meter {0}").format(self._meter_number))

        painter.setFont(device_font(13, strong=True))
        painter.setPen(c.plate_text)
        for rate, x in enumerate(ARROW_X, 1):
            centred(painter, QRectF(_LCD.left() + x - 20, _LCD.bottom() + 4, 40, 18), f"T{rate}")
        painter.setFont(device_font(12))
        painter.setPen(c.plate_dim)
        centred(painter, QRectF(_LCD.left() + 8, _LCD.bottom() + 4, 86, 18), self.tr("Disconnector"))
        centred(painter, QRectF(650, 200, 80, 18), self.tr("Scroll"))
        if self._real_meter:
            drawn = self.tr("A real meter, drawn from its last readout")
            note = drawn if self._meter_drawn else self.tr("A real meter; blank while there is no contact")
            painter.drawText(_NOTE, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), note)
        centred(painter, QRectF(572, 200, 80, 18), self.tr("Optical"))
        self._optical_port(painter, QPointF(612, 166), c)

    def _optical_port(self, painter: QPainter, centre: QPointF, c: Colours) -> None:
        """Paint the metal ring that holds an optical head, with transmitter and receiver."""
        painter.setPen(stroke(c.edge))
        painter.setBrush(c.metal)
        painter.drawEllipse(centre, 25, 25)
        painter.setBrush(c.plate.darker(104))
        painter.drawEllipse(centre, 19, 19)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.terminal_hole)
        for offset in (-7.0, 7.0):
            painter.drawEllipse(centre + QPointF(offset, 0), 3.4, 3.4)

    def _module(self, painter: QPainter, c: Colours) -> None:
        box = crisp(painter, _MODULE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.shadow)
        painter.drawRoundedRect(box.translated(1, 2), 12, 12)
        shade = QLinearGradient(box.topLeft(), box.bottomLeft())
        shade.setColorAt(0, c.module_top)
        shade.setColorAt(1, c.module_bottom)
        painter.setBrush(shade)
        painter.setPen(stroke(c.edge))
        painter.drawRoundedRect(box, 12, 12)

        painter.setPen(c.module_text)
        painter.setFont(device_font(18, strong=True))
        painter.drawText(QRectF(76, 312, 160, 32), Qt.AlignmentFlag.AlignVCenter, "CMi1020")
        painter.setPen(c.module_dim)
        painter.setFont(device_font(12))
        painter.drawText(QRectF(170, 313, 360, 32), Qt.AlignmentFlag.AlignVCenter, self.tr("M-Bus slave for the E350"))
        self._serial_label(painter, c)
        painter.setFont(device_font(12))
        painter.setPen(c.module_dim)
        centred(painter, QRectF(310, 406, 84, 18), self.tr("Error"))
        centred(painter, QRectF(398, 406, 84, 18), self.tr("Meter"))
        self._callout(painter, QPointF(568, 386), "5", c)

        painter.setPen(stroke(c.edge))
        line = crisp(painter, QRectF(76, 446, 648, 10)).top()
        painter.drawLine(QPointF(76, line), QPointF(724, line))
        for key, number, name in (
            ("B", "2", self.tr("Rate input B")),
            ("A", "3", self.tr("Rate input A")),
            ("M", "4", self.tr("M-Bus")),
        ):
            self._terminal(painter, QPointF(_TERMINALS[key], _BLOCK_TOP), number, name, self._captions[key], c)

    def _serial_label(self, painter: QPainter, c: Colours) -> None:
        sticker = crisp(painter, _STICKER)
        painter.setPen(stroke(c.edge))
        painter.setBrush(c.sticker)
        painter.drawRoundedRect(sticker, 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.sticker_text)
        # Bars drawn from the digits, so that two serial numbers do not look the same.
        x = sticker.left() + 14
        for digit in self._serial:
            value = int(digit) if digit.isdigit() else 0
            for bit in range(5):
                width = 2.4 if (value * 7 + 3) >> bit & 1 else 1.2
                painter.drawRect(QRectF(x, sticker.top() + 10, width, 28))
                x += width + 1.7
        painter.setPen(c.sticker_text)
        painter.setFont(device_font(15, strong=True))
        painter.drawText(
            sticker.adjusted(14, 42, -6, -6), Qt.AlignmentFlag.AlignVCenter, self.tr("SN {0}").format(self._serial)
        )
        self._callout(painter, QPointF(sticker.right() - 18, sticker.top() + 21), "1", c, ink=True)

    def _callout(self, painter: QPainter, centre: QPointF, number: str, c: Colours, *, ink: bool = False) -> None:
        """Paint a number of the quick manual's overview picture."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(stroke(c.sticker_text if ink else c.module_dim))
        painter.drawEllipse(centre, 9, 9)
        painter.setFont(device_font(11, strong=True))
        centred(painter, QRectF(centre.x() - 9, centre.y() - 9, 18, 18), number)

    def _terminal(self, painter: QPainter, at: QPointF, number: str, name: str, caption: str, c: Colours) -> None:
        block = crisp(painter, QRectF(at.x(), at.y(), 68, 50))
        painter.setPen(stroke(c.edge))
        painter.setBrush(c.terminal)
        painter.drawRoundedRect(block, 4, 4)
        for x in (block.left() + 18, block.right() - 18):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.metal)
            painter.drawEllipse(QPointF(x, block.top() + 16), 9, 9)
            painter.setPen(stroke(c.terminal, 2))
            painter.drawLine(QPointF(x - 5, block.top() + 21), QPointF(x + 5, block.top() + 11))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.terminal_hole)
            painter.drawRoundedRect(QRectF(x - 8, block.bottom() - 18, 16, 11), 2, 2)
        self._callout(painter, QPointF(block.right() + 20, block.top() + 14), number, c)
        painter.setPen(c.module_text)
        painter.setFont(device_font(14, strong=True))
        painter.drawText(QRectF(block.right() + 36, block.top() + 4, 110, 20), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(device_font(13))
        painter.setPen(c.module_dim)
        painter.drawText(QRectF(block.right() + 12, block.top() + 28, 130, 20), Qt.AlignmentFlag.AlignVCenter, caption)
