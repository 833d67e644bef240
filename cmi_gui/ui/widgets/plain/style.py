"""The style of what Qt makes itself: menus, lists of choices, questions and tooltips in the shapes of our controls."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBitmap, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionMenuItem,
    QWidget,
)

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.theme import SPACE, colours
from cmi_gui.ui.widgets.plain.buttons import ButtonKind, button_lift, button_look, paint_focus
from cmi_gui.ui.widgets.plain.painting import (
    control_height,
    fill_rounded,
    paint_chevron,
    paint_outline,
    paint_panel,
    paint_tick,
)

_TICK = 14
_ARROW = 20
"""The width of the place for the chevron of a submenu, in pixels."""
_EDGE = 3
"""The distance between the outline of a popup and its entries, in pixels: that for which QCompleter makes room."""

_Control, _Primitive, _Contents, _Pixmap = (
    QStyle.ControlElement,
    QStyle.PrimitiveElement,
    QStyle.ContentsType,
    QStyle.StandardPixmap,
)
_ICONS = {
    _Pixmap.SP_LineEditClearButton: ("close", "dim"),
    _Pixmap.SP_MessageBoxWarning: ("warning", "warning"),
    _Pixmap.SP_MessageBoxCritical: ("warning", "trouble"),
    _Pixmap.SP_MessageBoxInformation: ("info", "accent"),
    _Pixmap.SP_MessageBoxQuestion: ("help", "accent"),
}
"""Our icons in place of Qt's, each with its colour."""


class WindowStyle(QProxyStyle):
    """Fusion with our menus, popups, buttons and icons.

    Our own controls paint themselves; this style is for what Qt makes: context menus, the lists of `ChoiceField`, the
    buttons of a question.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")
        # The name that `apply_theme` looks for.
        self.setObjectName("fusion")

    def polish(self, target: QWidget | QApplication | QPalette) -> None:  # type: ignore[override]
        """Prepare popups for rounded corners."""
        super().polish(target)
        if not isinstance(target, QWidget) or not target.isWindow():
            return
        if isinstance(target, QMenu):
            target.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        elif not _is_popup(target) and target.windowType() is not Qt.WindowType.ToolTip:
            return
        if isinstance(target, QAbstractItemView):
            # Its ground would cover the corners.
            target.viewport().setAutoFillBackground(False)
        _show_corners(target)
        if QGuiApplication.platformName() == "xcb":
            # Without a compositor what is transparent is black.
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cut the corners off a popup of the X Window System."""
        # Also when it is shown, because the list of a field drops the shape when it is resized.
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show) and isinstance(watched, QWidget):
            shape = QBitmap(watched.size())
            shape.clear()
            painter = QPainter(shape)
            painter.setBrush(Qt.GlobalColor.color1)
            paint_outline(painter, QRectF(watched.rect()))
            painter.end()
            watched.setMask(shape)
        return super().eventFilter(watched, event)

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Paint the surfaces of popups and the chosen entry of a list."""
        match element:
            case _Primitive.PE_PanelMenu | _Primitive.PE_PanelTipLabel:
                paint_panel(painter, QRectF(option.rect), colours(option.palette))
            case _Primitive.PE_FrameMenu:
                pass
            case _Primitive.PE_PanelItemViewItem:
                if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
                    self._paint_chosen(painter, option)
            case _Primitive.PE_FrameFocusRect:
                if not isinstance(widget, QFrame):
                    super().drawPrimitive(element, option, painter, widget)
            case _:
                super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Paint the entries of menus, buttons, and the frame around a list of choices."""
        match element:
            case _Control.CE_MenuItem:
                self._paint_menu_item(cast(QStyleOptionMenuItem, option), painter)
            case _Control.CE_MenuEmptyArea:
                pass
            case _Control.CE_PushButton:
                self._paint_button(cast(QStyleOptionButton, option), painter, widget)
            case _Control.CE_ShapedFrame if _is_popup(widget):
                paint_panel(painter, QRectF(option.rect), colours(option.palette))
            case _:
                super().drawControl(element, option, painter, widget)

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Return the size of an entry or a button: as high as our own controls."""
        match kind:
            case _Contents.CT_MenuItem:
                return self._menu_item_size(cast(QStyleOptionMenuItem, option), size)
            case _Contents.CT_PushButton if widget is not None:
                return QSize(size.width() + 2 * SPACE.m, control_height(widget))
            case _Contents.CT_ItemViewItem if widget is not None and _is_popup(widget.window()):
                entry = super().sizeFromContents(kind, option, size, widget)
                return QSize(entry.width() + 2 * SPACE.s, control_height(widget, SPACE.m))
        # A size may be asked for without a widget, whatever the stubs say.
        return super().sizeFromContents(kind, option, size, cast(QWidget, widget))

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Return the distance between the outline of a popup and its content, or another measure of Fusion."""
        if metric is QStyle.PixelMetric.PM_DefaultFrameWidth and _is_popup(widget):
            return _EDGE
        if metric is QStyle.PixelMetric.PM_ToolTipLabelFrameWidth:
            return SPACE.s - 1
        if metric is QStyle.PixelMetric.PM_FocusFrameHMargin and widget is not None and _is_popup(widget.window()):
            # The entries of a list begin where the text of its field does.
            return SPACE.s - 1
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        """Return that the choices of a field are a list below it, not a menu over it, or another hint of Fusion."""
        if hint is QStyle.StyleHint.SH_ComboBox_Popup:
            return 0
        return super().styleHint(hint, option, widget, returnData)

    def standardIcon(
        self, which: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        """Return our icon where there is one."""
        ours = _ICONS.get(which)
        return QIcon(_PaletteIcon(*ours)) if ours else super().standardIcon(which, option, widget)

    # Inside

    def _paint_chosen(self, painter: QPainter, option: QStyleOption) -> None:
        c = colours(option.palette)
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_rounded(painter, QRectF(option.rect), 6, c.selection if chosen else c.stripe)
        painter.restore()

    def _menu_item_size(self, option: QStyleOptionMenuItem, words: QSize) -> QSize:
        if option.menuItemType is QStyleOptionMenuItem.MenuItemType.Separator:
            return QSize(1, SPACE.s + 1)
        width = self._text_left(option) + words.width() + SPACE.m + _ARROW
        return QSize(width + (SPACE.xl if "\t" in option.text else 0), max(SPACE.target, words.height() + SPACE.m))

    def _text_left(self, option: QStyleOptionMenuItem) -> int:
        return SPACE.m + (_TICK + SPACE.s if option.menuHasCheckableItems else 0)

    def _paint_menu_item(self, option: QStyleOptionMenuItem, painter: QPainter) -> None:
        c = colours(option.palette)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.menuItemType is QStyleOptionMenuItem.MenuItemType.Separator:
            painter.fillRect(rect.left() + SPACE.s, rect.center().y(), rect.width() - 2 * SPACE.s, 1, c.hairline)
            painter.restore()
            return
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        if enabled and option.state & QStyle.StateFlag.State_Selected:
            fill_rounded(painter, QRectF(rect), 6, c.selection)
        if option.checkType is not QStyleOptionMenuItem.CheckType.NotCheckable and option.checked:
            box = QRectF(rect.left() + SPACE.m - 2, rect.center().y() - _TICK / 2 + 0.5, _TICK, _TICK)
            paint_tick(painter, box, c.accent if enabled else c.disabled)
        words, _, keys = option.text.partition("\t")
        painter.setFont(option.font)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        room = rect.adjusted(self._text_left(option), 0, -SPACE.m, 0)
        painter.setPen(c.text if enabled else c.disabled)
        painter.drawText(room, middle | int(Qt.TextFlag.TextShowMnemonic), words)
        if keys:
            painter.setPen(c.dim if enabled else c.disabled)
            painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignRight), keys)
        if option.menuItemType is QStyleOptionMenuItem.MenuItemType.SubMenu:
            tip = QPointF(rect.right() - SPACE.m, rect.center().y() + 0.5)
            paint_chevron(painter, tip, c.dim if enabled else c.disabled, down=False)
        painter.restore()

    def _paint_button(self, option: QStyleOptionButton, painter: QPainter, widget: QWidget | None) -> None:
        c = colours(option.palette)
        state = option.state
        lift = button_lift(
            down=bool(state & QStyle.StateFlag.State_Sunken), hovered=bool(state & QStyle.StateFlag.State_MouseOver)
        )
        look = button_look(
            c,
            ButtonKind.NORMAL,
            enabled=bool(state & QStyle.StateFlag.State_Enabled),
            checked=bool(state & QStyle.StateFlag.State_On),
            lift=lift,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look.paint_ground(painter, QRectF(option.rect))
        painter.setPen(look.ink)
        painter.drawText(option.rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic), option.text)
        if widget is not None:
            paint_focus(widget, painter, QRectF(option.rect))
        painter.restore()


def _is_popup(widget: QWidget | None) -> bool:
    """Return whether a widget is a framed popup: a list of choices, or a card of ours."""
    return isinstance(widget, QFrame) and widget.windowType() is Qt.WindowType.Popup


def _show_corners(popup: QWidget) -> None:
    """Let what is behind a popup show at its rounded corners; the system's frame and shadow have square ones."""
    popup.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    popup.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
    popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)


class _PaletteIcon(QIconEngine):
    """An icon of ours in a colour of the palette in force when it is painted. `role`: a field of `Colours`."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def clone(self) -> QIconEngine:
        """Return a copy."""
        return _PaletteIcon(self._name, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon."""
        paint_icon(painter, self._name, QRectF(rect), getattr(colours(QApplication.palette()), self._role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a picture of the icon."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap
