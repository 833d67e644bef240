"""A short guided tour: callouts painted over the window, each pointing at a part of it.

The tour blocks nothing: engine and window keep running under the shade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeySequence, QMouseEvent, QPainterPath, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.station.station import Station
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, colours, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Gap, Label, Stretch, column_of, row_of
from cmi_gui.ui.widgets.plain.painting import paint_panel, smooth_painter

if TYPE_CHECKING:
    from cmi_gui.ui.frame.main_window import MainWindow


_FOLLOW_MS = 200
"""Interval in ms at which the tour checks whether its target has moved."""
_SHADE = 150
"""The opacity of the shade, from 0 to 255."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One callout. `page`: the page shown for it; `widgets`: object names of the widgets that it points at together."""

    page: str
    widgets: tuple[str, ...]
    title: str
    text: str


def stops(station: Station) -> tuple[Stop, ...]:
    """Return the stops of the tour in the current language; the texts depend on whether the meter is real."""
    real_meter = station.meter_is_real
    return (
        Stop(
            "pageModule",
            ("deviceFace",),
            translate("Tour", "A module in its meter"),
            translate(
                "Tour",
                "This is a simulated CMi1020 with a real meter. The picture of the meter shows what was read"
                " from it last.",
            )
            if real_meter
            else translate(
                "Tour",
                "This is a CMi1020 in an E350 meter. Both are simulated and behave like the real ones, second by"
                " second.",
            ),
        ),
        Stop(
            "pageModule",
            ("breakerButton",),
            translate("Tour", "Switch the real meter") if real_meter else translate("Tour", "Press the button"),
            translate(
                "Tour",
                "The push button opens or closes the disconnector of the real meter. Opening it cuts off the"
                " power to the installation. Switching takes about 10 seconds, and the next readout shows the"
                " result.",
            )
            if real_meter
            else translate(
                "Tour",
                "The push button opens or closes the meter's disconnector. Switching takes about 10 seconds, and"
                " the meter's display shows the result. Drag a voltage to change it.",
            ),
        ),
        Stop(
            "pageModule",
            ("ledRed", "ledGreen"),
            translate("Tour", "Two LEDs show the state"),
            translate(
                "Tour",
                "A green flash every 5 seconds: bus and meter work. A red flash: no contact with the meter."
                " Both dark: no voltage on the bus.",
            ),
        ),
        Stop(
            "pageReadings",
            ("readingsTable",),
            translate("Tour", "All readings of the meter"),
            translate(
                "Tour",
                "All values, with all digits. Tick a value to see its curve. Earlier readings come from the history.",
            ),
        ),
        Stop(
            "pageTraffic",
            ("trafficTable",),
            translate("Tour", "Every telegram, decoded"),
            translate(
                "Tour",
                "The telegrams of both sides, M-Bus and meter. Select a row to see its fields and bytes. The"
                " field above the table filters.",
            ),
        ),
        Stop(
            "pageConnections",
            ("wiringDiagram",),
            translate("Tour", "Connect your own master"),
            translate(
                "Tour",
                "It reaches the module at the address or port shown here; below you choose another. The user guide"
                " (F1) explains the details, and Diagnostics helps when something does not work.",
            ),
        ),
    )


class _Callout(QWidget):
    """A rounded panel with title, text, progress and three buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = Label("", self, look=font(1.35, strong=True))
        self.text = Label("", self, wrap=True)
        self.where = DimLabel(parent=self)
        self.skip = QuietButton(translate("Tour", "Skip"), self, object_name="tourSkip")
        set_tooltip(self.skip, translate("Tour", "End the tour (Esc)"))
        self.back = Button(translate("Tour", "Back"), self, object_name="tourBack")
        self.next = PrimaryButton(translate("Tour", "Next"), self, object_name="tourNext")
        row = row_of(self.where, Stretch(1), self.skip, self.back, self.next)
        column_of(self.title, self.text, Gap(SPACE.xs), row, within=self, margins=(SPACE.l, SPACE.l, SPACE.l, SPACE.m))

    def fitting(self) -> QSize:
        """Return a comfortable width, and the height that the text needs at that width."""
        width = em(self, 62)
        layout = self.layout()
        assert layout is not None
        return QSize(width, layout.totalHeightForWidth(width))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background and outline."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        paint_panel(painter, QRectF(self.rect()), c)


class Tour(QWidget):
    """The tour, a widget over the whole window until it ends. Signals: `ended(bool)`, whether it was completed."""

    ended = Signal(bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self._window = window
        self._stops = stops(window.station)
        self._index = 0
        self._hole = QRect()
        self.callout = _Callout(self)
        self.callout.skip.clicked.connect(lambda: self.end(seen=False))
        self.callout.back.clicked.connect(lambda: self.step(-1))
        self.callout.next.clicked.connect(lambda: self.step(1))
        # Shortcuts, because the buttons would consume the arrow keys.
        for key, call in (
            (Qt.Key.Key_Right, lambda: self.step(1)),
            (Qt.Key.Key_Left, lambda: self.step(-1)),
            (Qt.Key.Key_Escape, lambda: self.end(seen=False)),
            (Qt.Key.Key_Return, self._press),
            (Qt.Key.Key_Enter, self._press),
        ):
            QShortcut(QKeySequence(key), self, call, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._follower = QTimer(self, interval=_FOLLOW_MS)
        self._follower.timeout.connect(self._follow)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self._follower.start()
        self._show_stop()

    @property
    def index(self) -> int:
        """The index of the current stop, from 0."""
        return self._index

    @property
    def hole(self) -> QRect:
        """The rectangle that the tour points at, in the window's coordinates; empty if not visible."""
        return self._hole

    def step(self, by: int) -> None:
        """Go forward (1) or back (-1); after the last stop the tour ends."""
        index = self._index + by
        if index >= len(self._stops):
            self.end(seen=True)
        elif index >= 0:
            self._index = index
            self._show_stop()

    def end(self, *, seen: bool) -> None:
        """End the tour and show the page Built-in module; `seen`: it was completed."""
        if self._follower.isActive():
            self._follower.stop()
            self._window.removeEventFilter(self)
            self.hide()
            self._window.go("pageModule", "")
            self.ended.emit(seen)
            self.deleteLater()

    def _show_stop(self) -> None:
        stop, last = self._stops[self._index], self._index == len(self._stops) - 1
        self._window.go(stop.page, "")
        callout = self.callout
        callout.title.setText(stop.title)
        callout.text.setText(stop.text)
        callout.where.setText(translate("Tour", "{0} of {1}").format(self._index + 1, len(self._stops)))
        callout.back.setEnabled(self._index > 0)
        set_tooltip(
            callout.back,
            translate("Tour", "Previous step (Left)") if self._index else translate("Tour", "This is the first step"),
        )
        callout.next.setText(translate("Tour", "Done") if last else translate("Tour", "Next"))
        set_tooltip(
            callout.next,
            translate("Tour", "End the tour (Right)") if last else translate("Tour", "Next step (Right)"),
        )
        callout.next.setAccessibleName(f"{stop.title}. {stop.text} {callout.next.text()}")
        callout.next.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow(force=True)

    # Target

    def _target(self) -> QRect:
        """Return the rectangle of the stop's visible widgets, in this widget's coordinates."""
        found = QRect()
        for name in self._stops[self._index].widgets:
            widget = self._window.findChild(QWidget, name)
            if widget is not None and widget.isVisible():
                found |= QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())
        margin = SPACE.s
        return found.adjusted(-margin, -margin, margin, margin) & self.rect() if not found.isEmpty() else found

    def _follow(self, *, force: bool = False) -> None:
        hole = self._target()
        if force or hole != self._hole:
            self._hole = hole
            self._put_callout()
            self.update()

    def _put_callout(self) -> None:
        """Place the callout below the target, else above, right or left of it, else over its lower end."""
        size, gap, hole = self.callout.fitting(), SPACE.m, self._hole
        room = self.rect().adjusted(gap, gap, -gap, -gap)
        if hole.isEmpty():
            rect = QRect(QPoint(0, 0), size)
            rect.moveCenter(room.center())
        else:
            middle = hole.center() - QPoint(size.width() // 2, size.height() // 2)
            corners = (
                QPoint(middle.x(), hole.bottom() + gap),
                QPoint(middle.x(), hole.top() - gap - size.height()),
                QPoint(hole.right() + gap, middle.y()),
                QPoint(hole.left() - gap - size.width(), middle.y()),
            )
            rects = [_into(QRect(corner, size), room) for corner in corners]
            free = (rect for rect in rects if not rect.intersects(hole))
            below = QPoint(middle.x(), hole.bottom() - gap - size.height())
            rect = next(free, _into(QRect(below, size), room))
        self.callout.setGeometry(rect)

    # Events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            # The pages are laid out after this event.
            QTimer.singleShot(0, self, self._resized)
        return super().eventFilter(watched, event)

    def _resized(self) -> None:
        self._follow(force=True)

    def changeEvent(self, event: QEvent) -> None:
        """End the tour on a change of language, which replaces the widgets that it points at."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.end(seen=False)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab among the buttons of the callout."""
        buttons = [b for b in (self.callout.skip, self.callout.back, self.callout.next) if b.isEnabled()]
        now = next((n for n, button in enumerate(buttons) if button.hasFocus()), -1)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        buttons[(now + (1 if forward else -1)) % len(buttons)].setFocus(reason)
        return True

    def _press(self) -> None:
        """Press the focused button, for Return and Enter, as Space does."""
        button = self.focusWidget()
        if isinstance(button, Button):
            button.click()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep clicks on the shade from the widgets below it."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the shade with a hole."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        shade = QPainterPath()
        shade.addRect(QRectF(self.rect()))
        if not self._hole.isEmpty():
            hole = QPainterPath()
            hole.addRoundedRect(QRectF(self._hole), 8, 8)
            shade = shade.subtracted(hole)
        dark = QColor(c.terminal_hole)
        dark.setAlpha(_SHADE)
        painter.fillPath(shade, dark)
        if not self._hole.isEmpty():
            painter.setPen(QPen(c.accent, 2))
            painter.drawRoundedRect(QRectF(self._hole), 8, 8)


def _into(rect: QRect, room: QRect) -> QRect:
    """Return `rect` moved, as little as needed, into `room`."""
    x = max(room.left(), min(rect.left(), room.right() - rect.width()))
    y = max(room.top(), min(rect.top(), room.bottom() - rect.height()))
    return QRect(QPoint(x, y), rect.size())


def start_tour(window: MainWindow) -> Tour:
    """Start a tour of the window and return it, or return the one that is running."""
    running = window.findChild(Tour)
    if running is not None and running.isVisible():
        return running
    return Tour(window)
