"""Colours, fonts and measures of the window: two complete palettes; hex colours are written only here.

A widget never asks which scheme is active. It takes `colours(self.palette())`, so a change of palette repaints
everything correctly, widgets of a second window included.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from enum import Enum
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QWidget


class Scheme(Enum):
    """The theme setting; `SYSTEM` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"

    @classmethod
    def from_environment(cls, kept: Scheme) -> Scheme:
        """Return the theme in `CMI_GUI_THEME` (system, light or dark), or `kept` if that holds anything else."""
        try:
            return cls(os.environ.get("CMI_GUI_THEME", "").strip().lower())
        except ValueError:
            return kept


class Density(Enum):
    """The density setting: the size of distances, rows and controls."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


TextSize = Literal[90, 100, 110, 125, 150]
"""The text size setting, in percent of the system's."""
TEXT_SIZES: tuple[TextSize, ...] = (90, 100, 110, 125, 150)


@dataclass(slots=True)
class Space:
    """Distances in logical pixels; layouts use no others. They follow the density, so read them when needed."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - the usual name of this size
    xl: int = 24
    row: int = 10
    """What a table's row is higher than its text."""
    target: int = 32
    """The least side of a control: the smallest touch target."""


SPACE = Space()
_COMPACT = Space(xs=2, s=6, m=8, l=10, xl=16, row=4, target=28)


def _apply_density(density: Density) -> None:
    """Set the distances in `SPACE`."""
    wanted = _COMPACT if density is Density.COMPACT else Space()
    for field in fields(Space):
        setattr(SPACE, field.name, getattr(wanted, field.name))


@dataclass(frozen=True, slots=True)
class Colours:
    """All colours of one scheme, by role."""

    dark: bool
    # surfaces and text
    window: QColor
    """The background of the pages."""
    rail: QColor
    """The background of the navigation."""
    base: QColor
    """Tables, fields, header."""
    stripe: QColor
    raised: QColor
    """Ordinary buttons."""
    quiet: QColor
    """Quiet buttons."""
    text: QColor
    dim: QColor
    """Units, ages, captions."""
    disabled: QColor
    """Texts and icons of disabled controls, which have no background of their own: still readable."""
    hairline: QColor
    border: QColor
    """Outlines of controls."""
    # meaning
    accent: QColor
    on_accent: QColor
    selection: QColor
    """The background of selected rows; their text keeps its ordinary colour."""
    good: QColor
    trouble: QColor
    recording: QColor
    """The mark of a recording that runs."""
    warning: QColor
    badge: QColor
    """The background of the SIMULATED mark; its text is `on_badge`."""
    on_badge: QColor
    simulated: QColor
    """The line under the header while the chosen module is simulated; the next three are for the other worlds."""
    practice: QColor
    real_meter: QColor
    real_bus: QColor
    # the painted device
    body_top: QColor
    body_bottom: QColor
    plate: QColor
    plate_text: QColor
    plate_dim: QColor
    module_top: QColor
    module_bottom: QColor
    module_text: QColor
    module_dim: QColor
    edge: QColor
    shadow: QColor
    terminal: QColor
    terminal_hole: QColor
    metal: QColor
    sticker: QColor
    sticker_text: QColor
    key_top: QColor
    key_bottom: QColor
    groove: QColor
    groove_fill: QColor
    # lamps and liquid crystal: the same in both schemes
    red_on: QColor
    red_core: QColor
    red_off: QColor
    green_on: QColor
    green_core: QColor
    green_off: QColor
    lcd: QColor
    lcd_edge: QColor
    lcd_on: QColor
    lcd_off: QColor
    scroll_key: QColor


_LAMPS_AND_LCD = {
    "red_on": QColor("#ff3b30"),
    "red_core": QColor("#ffd9d4"),
    "red_off": QColor("#6e2a28"),
    "green_on": QColor("#2fd65b"),
    "green_core": QColor("#e2ffe6"),
    "green_off": QColor("#1f5a30"),
    "lcd": QColor("#bfc9b4"),
    "lcd_edge": QColor("#39413a"),
    "lcd_on": QColor("#171d16"),
    "lcd_off": QColor("#b7c1ac"),
    "scroll_key": QColor("#2f9e57"),
}

LIGHT = Colours(
    dark=False,
    window=QColor("#f4f5f7"),
    rail=QColor("#e9ebef"),
    base=QColor("#ffffff"),
    stripe=QColor("#f8f9fb"),
    raised=QColor("#ffffff"),
    quiet=QColor("#e6e9ee"),
    text=QColor("#1a1e24"),
    dim=QColor("#586270"),
    disabled=QColor("#656f7c"),
    hairline=QColor("#dfe2e8"),
    border=QColor("#bcc3ce"),
    accent=QColor("#1d5fc4"),
    on_accent=QColor("#ffffff"),
    selection=QColor("#d8e6fb"),
    good=QColor("#14743a"),
    trouble=QColor("#b3261e"),
    recording=QColor("#d3222a"),
    warning=QColor("#8a5a00"),
    badge=QColor("#ffe2a8"),
    on_badge=QColor("#5c3d00"),
    simulated=QColor("#b97a00"),
    practice=QColor("#0c6e6e"),
    real_meter=QColor("#8a2f8f"),
    real_bus=QColor("#1d5fc4"),
    body_top=QColor("#e3e6ea"),
    body_bottom=QColor("#d3d7dd"),
    plate=QColor("#f6f7f8"),
    plate_text=QColor("#22272e"),
    plate_dim=QColor("#5a636f"),
    module_top=QColor("#fafbfb"),
    module_bottom=QColor("#eceef1"),
    module_text=QColor("#22272e"),
    module_dim=QColor("#5a636f"),
    edge=QColor("#aab1bb"),
    shadow=QColor(20, 28, 40, 14),
    terminal=QColor("#3d454f"),
    terminal_hole=QColor("#14181d"),
    metal=QColor("#b9c0c8"),
    sticker=QColor("#ffffff"),
    sticker_text=QColor("#14181d"),
    key_top=QColor("#ffffff"),
    key_bottom=QColor("#e7eaee"),
    groove=QColor("#ccd2da"),
    groove_fill=QColor("#1d5fc4"),
    **_LAMPS_AND_LCD,
)

DARK = Colours(
    dark=True,
    window=QColor("#15181c"),
    rail=QColor("#101316"),
    base=QColor("#1b1f24"),
    stripe=QColor("#1f242a"),
    raised=QColor("#272d34"),
    quiet=QColor("#262c33"),
    text=QColor("#e7eaee"),
    dim=QColor("#9ba6b3"),
    disabled=QColor("#848e9a"),
    hairline=QColor("#2b3138"),
    border=QColor("#424b56"),
    accent=QColor("#69a9ff"),
    on_accent=QColor("#0a1626"),
    selection=QColor("#213a5c"),
    good=QColor("#5ccb81"),
    trouble=QColor("#ff8a80"),
    recording=QColor("#ff5a52"),
    warning=QColor("#f0b95a"),
    badge=QColor("#5a4310"),
    on_badge=QColor("#ffe2a8"),
    simulated=QColor("#f0b95a"),
    practice=QColor("#4fc7c0"),
    real_meter=QColor("#e093e6"),
    real_bus=QColor("#69a9ff"),
    body_top=QColor("#343a42"),
    body_bottom=QColor("#292e35"),
    plate=QColor("#3c434c"),
    plate_text=QColor("#eef1f4"),
    plate_dim=QColor("#b3bcc7"),
    module_top=QColor("#474f59"),
    module_bottom=QColor("#3d444d"),
    module_text=QColor("#f0f2f5"),
    module_dim=QColor("#bcc4ce"),
    edge=QColor("#1d2126"),
    shadow=QColor(0, 0, 0, 44),
    terminal=QColor("#22272d"),
    terminal_hole=QColor("#0b0d10"),
    metal=QColor("#8d959f"),
    sticker=QColor("#e6e8ea"),
    sticker_text=QColor("#14181d"),
    key_top=QColor("#5a636e"),
    key_bottom=QColor("#4d555f"),
    groove=QColor("#2a3037"),
    groove_fill=QColor("#69a9ff"),
    **_LAMPS_AND_LCD,
)

PLOT_COLOURS = {
    # Okabe and Ito's set, which colour-blind people can distinguish too. Of its lighter and darker variants each scheme
    # takes the one with more contrast, black becomes near-white on dark, and yellow is darkened for the light scheme.
    False: tuple(QColor(c) for c in ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#1a1e24", "#9a7d00")),
    True: tuple(QColor(c) for c in ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#e8e8e8", "#f0e442")),
}
"""Curve colours by `Colours.dark`."""


RULE_GROUNDS = {
    False: {
        "red": QColor("#fcdcd9"),
        "orange": QColor("#ffe6cc"),
        "yellow": QColor("#fbf2b8"),
        "green": QColor("#d6f2dd"),
        "cyan": QColor("#d3f1f5"),
        "violet": QColor("#eee0fb"),
    },
    True: {
        "red": QColor("#4a2224"),
        "orange": QColor("#45291a"),
        "yellow": QColor("#3a3112"),
        "green": QColor("#183a25"),
        "cyan": QColor("#123a40"),
        "violet": QColor("#3a2a4d"),
    },
}
"""Backgrounds of lines by `Colours.dark` and name, on which all texts of a table have a contrast of 4.5 or more."""


_SYSTEM_FONT = "cmiSystemFont"
"""The application's property with the system's font."""


def colours(palette: QPalette) -> Colours:
    """Return the colours of the scheme that a palette belongs to, judged by its window colour."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def make_palette(c: Colours) -> QPalette:
    """Return a complete palette: every role that Fusion reads, in all three groups."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    table = {
        role.Window: c.window,
        role.WindowText: c.text,
        role.Base: c.base,
        role.AlternateBase: c.stripe,
        role.Text: c.text,
        role.Button: c.raised,
        role.ButtonText: c.text,
        role.BrightText: c.trouble,
        role.ToolTipBase: c.base,
        role.ToolTipText: c.text,
        role.PlaceholderText: c.dim,
        role.Highlight: c.selection,
        role.HighlightedText: c.text,
        role.Link: c.accent,
        role.LinkVisited: c.accent,
        role.Accent: c.accent,
        role.Light: c.raised,
        role.Midlight: c.hairline,
        role.Mid: c.border,
        role.Dark: c.border,
        role.Shadow: c.edge,
    }
    for name, colour in table.items():
        palette.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        palette.setColor(group.Disabled, name, c.disabled)
    palette.setColor(group.Disabled, role.Highlight, c.stripe)
    palette.setColor(group.Disabled, role.Accent, c.disabled)
    return palette


def apply_theme(app: QApplication, scheme: Scheme) -> None:
    """Set the Fusion style and one of the two palettes; with `SYSTEM` later changes of the desktop are followed."""
    hints = app.styleHints()
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    if not app.property("cmiThemeConnected"):
        hints.colorSchemeChanged.connect(_follow_system)
        app.setProperty("cmiThemeConnected", True)
    app.setProperty("cmiScheme", scheme.value)
    # On some platforms title bars and file dialogs follow this too.
    requested = {
        Scheme.SYSTEM: Qt.ColorScheme.Unknown,
        Scheme.LIGHT: Qt.ColorScheme.Light,
        Scheme.DARK: Qt.ColorScheme.Dark,
    }
    hints.setColorScheme(requested[scheme])
    dark = hints.colorScheme() == Qt.ColorScheme.Dark if scheme is Scheme.SYSTEM else scheme is Scheme.DARK
    app.setPalette(make_palette(DARK if dark else LIGHT))


def _follow_system() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and app.property("cmiScheme") == Scheme.SYSTEM.value:
        apply_theme(app, Scheme.SYSTEM)


def _apply_text_size(app: QApplication, percent: TextSize) -> None:
    """Set the font of the application to the system's in another size."""
    base = app.property(_SYSTEM_FONT)
    if base is None:
        base = app.font()
        app.setProperty(_SYSTEM_FONT, base)
    wanted = QFont(base)
    wanted.setPointSizeF(base.pointSizeF() * percent / 100)
    if wanted != app.font():
        app.setFont(wanted)


def apply_sizes(app: QApplication, text_size: TextSize, density: Density) -> None:
    """Set text size and density. Parts of the window that exist already have to be built again."""
    _apply_text_size(app, text_size)
    _apply_density(density)


def scaled(pixels: int) -> int:
    """Return a length that is right at a text size of 100 %, such as the side of an icon, at the present one."""
    app = QApplication.instance()
    base = None if app is None else app.property(_SYSTEM_FONT)
    return pixels if base is None else round(pixels * QApplication.font().pointSizeF() / base.pointSizeF())


def font(scale: float = 1.0, *, strong: bool = False) -> QFont:
    """Return the system's font in one of three sizes (0.88 small, 1 body, 1.35 title), regular or semibold."""
    result = QFont(QApplication.font())
    if scale != 1.0:
        result.setPointSizeF(result.pointSizeF() * scale)
    if strong:
        result.setWeight(QFont.Weight.DemiBold)
    return result


def tabular(base: QFont) -> QFont:
    """Return the font with digits of equal width, so that changing numbers do not shift."""
    result = QFont(base)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def monospace(scale: float = 1.0) -> QFont:
    """Return the system's fixed-width font, `scale` times as large as the body text."""
    result = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    result.setPointSizeF(QApplication.font().pointSizeF() * scale)
    return result


def em(widget: QWidget, count: float = 1.0) -> int:
    """Return the width of `count` average characters of the widget's font in pixels: the unit for widths."""
    return round(QFontMetrics(widget.font()).averageCharWidth() * count)
