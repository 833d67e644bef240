"""Flat buttons in one style: primary, normal and quiet push buttons, exclusive segments, a switch."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Generic, NamedTuple, TypeVar, Unpack

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QPushButton, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.layout import row_of
from cmi_gui.ui.widgets.plain.options import Options, Slot, take_options
from cmi_gui.ui.widgets.plain.painting import control_height, smooth_painter


class ButtonKind(Enum):
    """The rank of a button; each has its own shape. A disabled button has only a thin outline."""

    PRIMARY = "primary"
    """The main action of a page, filled with the accent colour; at most one on a page."""
    NORMAL = "normal"
    """Outlined."""
    QUIET = "quiet"
    """A grey background without an outline; an icon without words has it only under the pointer."""


def focus_shows(widget: QWidget) -> bool:
    """Return whether to show a focus ring: the widget has the focus, and it was moved by the keyboard."""
    return widget.hasFocus() and widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def point_out(widget: QWidget) -> None:
    """Give a widget the focus with a visible ring, for a user who was led to it by the program."""
    widget.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)


def keep_tab_stop(group: QButtonGroup) -> None:
    """Make the checked button of an exclusive group its stop of Tab; the arrow keys reach the others.

    Qt alone stops where the focus was last, though another button may have been checked since.
    """

    def follow() -> None:
        stop = group.checkedButton() or next(iter(group.buttons()), None)
        for button in group.buttons():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus)

    group.buttonToggled.connect(follow)
    follow()


def paint_focus(widget: QWidget, painter: QPainter, rect: QRectF, radius: float = 6) -> None:
    """Paint the focus ring of all painted controls, 2 px just inside `rect`, if `focus_shows`."""
    if focus_shows(widget):
        painter.setPen(QPen(colours(widget.palette()).accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


class ButtonLook(NamedTuple):
    """The colours of a button in one state: background, text, outline; None for none."""

    fill: QColor | None
    ink: QColor
    outline: QColor | None

    def paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        """Paint background and outline."""
        painter.setPen(QPen(self.outline, 1) if self.outline else Qt.PenStyle.NoPen)
        painter.setBrush(self.fill if self.fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def button_look(c: Colours, kind: ButtonKind, *, enabled: bool, checked: bool, lift: float) -> ButtonLook:
    """Return the colours of a button; `lift`: how much it stands out, 0 to 1, under the pointer or pressed."""
    if not enabled:
        return ButtonLook(None, c.disabled, c.border if checked else c.hairline)
    if kind is ButtonKind.PRIMARY:
        return ButtonLook(_mix(c.accent, c.on_accent if c.dark else c.text, lift), c.on_accent, None)
    if checked:
        return ButtonLook(_mix(c.selection, c.accent, lift), c.text, c.accent)
    if kind is ButtonKind.QUIET:
        return ButtonLook(_mix(c.quiet, c.text, lift), c.text, None)
    return ButtonLook(_mix(c.raised, c.text, lift), c.text, c.border)


def button_lift(*, down: bool, hovered: bool) -> float:
    """Return how much a button stands out."""
    return 0.16 if down else 0.08 if hovered else 0.0


def _mix(a: QColor, b: QColor, share: float) -> QColor:
    """Return the colour `a` mixed with `share` (0 to 1) of `b`."""
    parts = ((a.redF(), b.redF()), (a.greenF(), b.greenF()), (a.blueF(), b.blueF()))
    return QColor.fromRgbF(*(x + (y - x) * share for x, y in parts))


class Button(QPushButton, Spoken):
    """A push button with an optional icon of ours; a checkable one is filled while checked.

    A button without words needs its name: `Button("", icon="copy", name="Copy the address")`. `menu`: it opens a menu.
    """

    _kind = ButtonKind.NORMAL

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        icon: str = "",
        name: str = "",
        checkable: bool = False,
        menu: bool = False,
        on_click: Slot | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self.accessible_role = Role.ButtonMenu if menu else None
        self._shows_words = True
        self.setAccessibleName(name or text)
        self.setCheckable(checkable)
        take_options(self, {"tip": name, **options})
        if on_click is not None:
            self.clicked.connect(on_click)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def accessible_states(self) -> tuple[str, ...]:
        """Return that it opens a menu, if it does."""
        return ("hasPopup",) if self.accessible_role is Role.ButtonMenu else ()

    def set_words(self, text: str) -> None:
        """Set the text and the accessible name."""
        self.setText(text)
        self.setAccessibleName(text)

    def allow(self, why_not: str, tip: str) -> None:
        """Enable the button with the tooltip `tip`; with a reason `why_not` disable it and show that instead."""
        self.setEnabled(not why_not)
        set_tooltip(self, why_not or tip)

    def set_icon(self, icon: str) -> None:
        """Show another of our icons."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def show_words(self, on: bool) -> None:
        """Show icon and words, or only the icon, which needs a tooltip then."""
        if on is not self._shows_words:
            self._shows_words = on
            self.updateGeometry()
            self.update()

    @property
    def shown_words(self) -> str:
        """The text that is painted."""
        return self.text() if self._shows_words else ""

    def set_kind(self, kind: ButtonKind) -> None:
        """Change the prominence."""
        if kind is not self._kind:
            self._kind = kind
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size for icon and text; as high as any control."""
        metrics = QFontMetrics(self.font())
        height = control_height(self)
        width = 2 * SPACE.m if self.shown_words else height
        if self.shown_words:
            width += metrics.horizontalAdvance(self.shown_words) + (self._icon_size() + SPACE.s if self._icon else 0)
        return QSize(width, height)

    minimumSizeHint = sizeHint

    def _icon_size(self) -> int:
        return round(QFontMetrics(self.font()).height() * 1.1)

    def _look(self, c: Colours) -> ButtonLook:
        look = button_look(
            c,
            self._kind,
            enabled=self.isEnabled(),
            checked=self.isChecked(),
            lift=button_lift(down=self.isDown(), hovered=self.underMouse()),
        )
        # An icon alone is a shape; words alone would look like a text.
        bare = self._kind is ButtonKind.QUIET and not self.text() and not self.isChecked()
        pointed_at = self.isEnabled() and (self.underMouse() or self.isDown())
        return look._replace(fill=None, outline=None) if bare and not pointed_at else look

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the control by hand, without the style."""
        c = colours(self.palette())
        look = self._look(c)
        painter = smooth_painter(self)
        look.paint_ground(painter, QRectF(self.rect()))
        size = self._icon_size() if self._icon else 0
        words = QFontMetrics(self.font()).horizontalAdvance(self.shown_words)
        gap = SPACE.s if self._icon and self.shown_words else 0
        left = (self.width() - size - gap - words) / 2
        if self._icon:
            self.paint_icon(painter, QRectF(left, (self.height() - size) / 2, size, size), look.ink)
        painter.setPen(look.ink)
        painter.drawText(
            QRectF(left + size + gap, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.shown_words
        )
        paint_focus(self, painter, QRectF(self.rect()))

    def paint_icon(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        """Paint the icon."""
        paint_icon(painter, self._icon, place, ink)


class PrimaryButton(Button):
    """The button of the main action of a page."""

    _kind = ButtonKind.PRIMARY


class QuietButton(Button):
    """A button of low prominence, such as one in a bar of tools."""

    _kind = ButtonKind.QUIET


_Value = TypeVar("_Value")


class Segments(QWidget, Spoken, Generic[_Value]):
    """A row of buttons of which exactly one is chosen.

    Signals: `chosen(object)`, by the user: the value of the button.
    """

    chosen = Signal(object)
    accessible_role = Role.Grouping

    def __init__(
        self,
        choices: Sequence[tuple[str, _Value]],
        name: str,
        parent: QWidget | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(parent)
        take_options(self, options)
        self.setAccessibleName(name)
        self._values: Sequence[_Value] = [value for _, value in choices]
        self._group = QButtonGroup(self)
        row = row_of(within=self, margins=0, spacing=SPACE.xs)
        for index, (text, _) in enumerate(choices):
            button = QuietButton(text, self, checkable=True)
            button.setAccessibleName(f"{name}: {text}")
            # Its role is then that of a radio button.
            button.setAutoExclusive(True)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.button(0).setChecked(True)
        keep_tab_stop(self._group)
        self.setFocusProxy(self._group.button(0))
        self._group.idClicked.connect(self._clicked)

    def _clicked(self, index: int) -> None:
        self.setFocusProxy(self._group.button(index))
        self.chosen.emit(self._values[index])

    def value(self) -> _Value:
        """Return the chosen value."""
        return self._values[self._group.checkedId()]

    def show_value(self, value: object) -> None:
        """Show a choice without emitting a signal; none is checked if the value is not one of the choices."""
        chosen = self._values.index(value) if value in self._values else -1
        # An exclusive group cannot uncheck its last button.
        self._group.setExclusive(False)
        for index in range(len(self._values)):
            self._group.button(index).setChecked(index == chosen)
        self._group.setExclusive(True)
        # The focus goes to the chosen button, where Space changes nothing.
        self.setFocusProxy(self._group.button(max(chosen, 0)))

    def offer(self, value: object, on: bool) -> None:
        """Show or hide the button of a value."""
        self._group.button(self._values.index(value)).setVisible(on)

    def choose(self, value: object) -> None:
        """Choose a value as a click does. Raises ValueError if it is not one of the choices."""
        self._group.button(self._values.index(value)).click()


class Switch(QCheckBox):
    """A check box drawn as a switch with its text to the right."""

    def __init__(
        self, text: str, parent: QWidget | None = None, *, on_click: Slot | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(text, parent)
        take_options(self, options)
        if on_click is not None:
            self.clicked.connect(on_click)
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the size of switch, gap and text."""
        metrics = QFontMetrics(self.font())
        return QSize(scaled(34) + SPACE.s + metrics.horizontalAdvance(self.text()) + 6, control_height(self, SPACE.s))

    minimumSizeHint = sizeHint

    def hitButton(self, pos: object) -> bool:
        """Return True: a click anywhere in the widget toggles it."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the control by hand, without the style."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        middle = self.height() / 2
        height, wide = scaled(18), scaled(34)
        track = QRectF(2, middle - height / 2, wide - 2, height)
        radius = height / 2
        on = self.isChecked()
        enabled = self.isEnabled()
        painter.setPen(QPen((c.accent if on else c.dim) if enabled else c.disabled, 1.4))
        painter.setBrush((c.accent if on else c.base) if enabled else c.hairline)
        painter.drawRoundedRect(track, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush((c.on_accent if on else c.dim) if enabled else c.disabled)
        painter.drawEllipse(
            QPointF(track.right() - radius if on else track.left() + radius, middle), radius - 3.5, radius - 3.5
        )
        painter.setPen(c.text if enabled else c.disabled)
        painter.drawText(
            QRectF(wide + SPACE.s, 0, self.width() - wide - SPACE.s, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self.text(),
        )
        paint_focus(self, painter, track.adjusted(-2, -2, 2, 2), radius + 2)
