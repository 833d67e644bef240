"""The header's choice of the target: the state of the current one, and a menu of all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.targets import ModuleTarget, Targets
from cmi_gui.ui.text.mark import Status
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, colours, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import ButtonKind, button_lift, button_look, paint_focus
from cmi_gui.ui.widgets.plain.layout import row_of
from cmi_gui.ui.widgets.plain.marks import Chip
from cmi_gui.ui.widgets.plain.painting import smooth_painter

_LEAST = 52
"""The characters of the target's name that stay: both numbers, which nothing else tells apart."""
_LEAST_ALONE = 34
"""Those that stay where nothing else in the header has words."""
KEYS = "Ctrl+K"
"""The keys that open the choice of the target."""


class TargetChoice(QPushButton, Spoken):
    """A chip that opens a menu of all targets. `name_of`: returns the words for one.

    Signals: `find_requested()`, the user wants to look for modules on a bus.
    """

    find_requested = Signal()
    accessible_role = Role.ButtonMenu

    def __init__(
        self, targets: Targets, name_of: Callable[[ModuleTarget], str], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._targets = targets
        self._name_of = name_of
        self._name = name
        self.setObjectName("targetChoice")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.chip = Chip(name, self, "chipTarget", least=_LEAST)
        self.chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row = row_of(self.chip, within=self, margins=(SPACE.s, SPACE.xs, SPACE.s + scaled(20), SPACE.xs))
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.clicked.connect(self.open_menu)
        QShortcut(QKeySequence(KEYS), self, self.open_menu)

    def accessible_states(self) -> tuple[str, ...]:
        """Return that it opens a menu."""
        return ("hasPopup",)

    def accessible_parts(self) -> tuple[QWidget, ...]:
        """Return nothing: the name has the words of the chip."""
        return ()

    def sizeHint(self) -> QSize:
        """Return the size of the chip with room for the chevron."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size of the chip with room for the chevron."""
        return self._row.minimumSize()

    def show_status(self, status: Status) -> None:
        """Show the state of the chosen target."""
        if status == self.chip.status:
            return
        # The name of the site, which is on the left, is needed least.
        site = bool(self._targets.current.site)
        self.chip.title.mode = Qt.TextElideMode.ElideLeft if site else Qt.TextElideMode.ElideRight
        self.chip.show_status(status)
        self.setAccessibleName(f"{self._name}: {status.title}. {status.detail}")
        # The tooltip belongs to the button, because the chip ignores the pointer; it has the text that may be elided.
        meaning = self.tr("The module that Configuration, Readings and Diagnostics work on")
        set_tooltip(self, f"{status.title}\n{status.detail}\n{meaning} ({KEYS})")

    def give_way(self, on: bool) -> None:
        """Shorten the name as far as a narrow window with large text needs, or stop that."""
        for label in (self.chip.title, self.chip.detail):
            label.keep(_LEAST_ALONE if on else _LEAST)
        self.updateGeometry()

    def open_menu(self) -> None:
        """Open the menu of all targets, with the chosen one under the keyboard."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        self._menu.setActiveAction(next(action for action in self._menu.actions() if action.isChecked()))

    def _fill(self) -> None:
        self._menu.clear()
        for target in self._targets.all:
            # An ampersand in a LINK must be doubled, or the menu takes it for a mnemonic.
            where = target.where if target.absence is None else self.tr("{0}, not available").format(target.where)
            words = f"{self._name_of(target)}  ({where})".replace("&", "&&")
            action = self._menu.addAction(words, self._chooser(target.key))
            action.setCheckable(True)
            action.setChecked(target is self._targets.current)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Find modules on a bus..."), self.find_requested.emit)

    def _chooser(self, key: str) -> Callable[[], None]:
        return lambda: self._targets.choose(key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background under the pointer, the chevron and the focus; the chip paints itself."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect())
        lift = button_lift(down=self.isDown(), hovered=self.underMouse())
        button_look(c, ButtonKind.NORMAL, enabled=True, checked=False, lift=lift).paint_ground(painter, rect)
        side = scaled(18)
        place = QRectF(rect.right() - side - 6, rect.center().y() - side / 2, side, side)
        paint_icon(painter, "chevron", place, c.dim)
        paint_focus(self, painter, rect)
