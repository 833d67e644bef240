"""Theme and painted parts: contrast, palettes, lamps, display."""

from __future__ import annotations

import itertools
import math

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.meter_profile.display_text import SHOWABLE
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.theme import DARK, LIGHT, PLOT_COLOURS, Colours, Scheme, apply_theme, colours
from cmi_gui.ui.widgets.device.lamp import Lamp
from cmi_gui.ui.widgets.device.segments import GLYPHS, cells_of, segments_of
from tests.helpers.contrast import contrast

TEXT_ON = [
    ("text", "window"), ("text", "base"), ("text", "rail"), ("text", "raised"), ("text", "selection"),
    ("text", "stripe"), ("dim", "window"), ("dim", "base"), ("dim", "stripe"), ("dim", "selection"),
    ("accent", "base"), ("dim", "rail"), ("on_accent", "real_meter"), ("on_accent", "real_bus"),
    ("on_accent", "accent"), ("trouble", "base"), ("trouble", "selection"), ("on_badge", "badge"),
    ("plate_text", "plate"), ("plate_dim", "plate"), ("module_text", "module_bottom"), ("module_dim", "module_top"),
    ("module_dim", "module_bottom"), ("sticker_text", "sticker"), ("module_text", "key_bottom"), ("lcd_on", "lcd"),
    ("module_text", "key_top"), ("text", "quiet"), ("dim", "quiet"), ("disabled", "window"), ("disabled", "base"),
    ("disabled", "stripe"), ("dim", "hairline"), ("trouble", "hairline"), ("warning", "hairline"),
    ("warning", "selection"), ("warning", "base"), ("good", "base"), ("good", "selection"), ("accent", "selection"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_has_enough_contrast(scheme: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "mark", ["good", "trouble", "warning", "accent", "dim", "simulated", "real_meter", "recording"]
)
def test_shapes_have_enough_contrast(scheme: Colours, mark: str) -> None:
    assert contrast(getattr(scheme, mark), scheme.window) >= 3
    assert contrast(getattr(scheme, mark), scheme.base) >= 3


def lab(colour: QColor) -> tuple[float, float, float]:
    """Return CIE L*a*b* of an sRGB colour under D65; a distance of about 2 is just visible."""
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour.getRgbF()[:3])
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.0888
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_curve_colours_are_visible_and_distinct(scheme: Colours) -> None:
    inks = PLOT_COLOURS[scheme.dark]
    assert len(inks) == 6
    assert all(contrast(ink, scheme.base) >= 3 for ink in inks)
    assert min(math.dist(lab(a), lab(b)) for a, b in itertools.combinations(inks, 2)) >= 30


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


def test_the_display_is_the_same_in_both_schemes() -> None:
    assert (LIGHT.lcd, LIGHT.lcd_on, LIGHT.lcd_off) == (DARK.lcd, DARK.lcd_on, DARK.lcd_off)


@pytest.mark.pages
@pytest.mark.parametrize(("scheme", "expected"), [(Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK)])
def test_a_scheme_reaches_every_widget(in_contact: MainWindow, scheme: Scheme, expected: Colours) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, scheme)
    app.processEvents()
    assert all(colours(widget.palette()) is expected for widget in in_contact.findChildren(QWidget))
    for page in range(len(in_contact.pages)):
        in_contact.navigation.choose(page)
        image = in_contact.grab().toImage()
        assert image.pixelColor(in_contact.width() - 3, in_contact.height() // 2) == expected.window


def test_every_role_is_set_in_both_palettes(qapp: QApplication) -> None:
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        apply_theme(qapp, scheme)
        palette = qapp.palette()
        for role in (QPalette.ColorRole.Accent, QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Highlight):
            assert palette.color(QPalette.ColorGroup.Disabled, role) != palette.color(QPalette.ColorRole.Window)
        assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) != palette.color(
            QPalette.ColorRole.Text
        )


@pytest.mark.parametrize(("text", "scheme"), [("dark", Scheme.DARK), ("Light ", Scheme.LIGHT), ("no", Scheme.SYSTEM)])
def test_the_environment_sets_theme_and_language(monkeypatch: pytest.MonkeyPatch, text: str, scheme: Scheme) -> None:
    monkeypatch.setenv("CMI_GUI_THEME", text)
    assert Scheme.from_environment(Scheme.SYSTEM) is scheme
    monkeypatch.delenv("CMI_GUI_THEME")
    assert Scheme.from_environment(Scheme.DARK) is Scheme.DARK


# Painted parts


def shine(lamp: Lamp) -> int:
    """Return the lightness slightly above and left of the middle, where a lit lens is brightest."""
    lamp.resize(60, 60)
    return lamp.grab().toImage().pixelColor(28, 28).lightness()


@pytest.mark.parametrize("colour", ["red", "green"])
def test_a_lamp_shines_only_when_on(qtbot: QtBot, colour: str) -> None:
    lamp = Lamp(colour, "LED")
    qtbot.addWidget(lamp)
    dark = shine(lamp)
    lamp.setOn(True)
    assert shine(lamp) > dark + 80
    assert lamp.accessibleName() == "LED: on"
    assert lamp.property("on") is True


def test_there_are_red_and_green_lamps_only(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="blue"):
        Lamp("blue", "LED")


def test_every_character_the_meter_can_show_has_a_glyph_of_its_own() -> None:
    missing = [character for character in SHOWABLE if character not in GLYPHS and character.swapcase() not in GLYPHS]
    assert missing in ([], ["?"])
    digits = {segments_of(digit) for digit in "0123456789"}
    assert len(digits) == 10
    assert segments_of("%") == "d"


@pytest.mark.parametrize(
    ("text", "count", "left", "cells"),
    [
        ("1.8.0", 5, True, [("1", True), ("8", True), ("0", False), (" ", False), (" ", False)]),
        ("12.3", 4, False, [(" ", False), ("1", False), ("2", True), ("3", False)]),
        ("12345", 3, False, [("3", False), ("4", False), ("5", False)]),
        (".5", 2, False, [(" ", True), ("5", False)]),
    ],
)
def test_cells(text: str, count: int, left: bool, cells: list[tuple[str, bool]]) -> None:
    assert cells_of(text, count, left=left) == cells
