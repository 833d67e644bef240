"""Every icon named in the code exists, can be drawn, and has its licence."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

import cmi_gui.ui
from cmi_gui.ui.icons import paint_icon

FOLDER = resources.files("cmi_gui.resources").joinpath("icons")
NAMES = sorted(entry.name.removesuffix(".svg") for entry in FOLDER.iterdir() if entry.name.endswith(".svg"))
OWN = {"app", "module", "meter"}


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_requested_colour(qtbot: QtBot, name: str) -> None:
    image = QImage(QSize(48, 48), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_icon(painter, name, QRectF(0, 0, 48, 48), QColor("#123456"))
    painter.end()
    inked = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() == 255]
    assert inked
    assert {colour.name() for colour in inked} == {"#123456"}


def test_every_icon_named_in_the_code_exists() -> None:
    requested = set()
    for source in Path(cmi_gui.ui.__file__).parent.rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        requested |= set(re.findall(r'icon="([a-z]+)"|set_icon\("([a-z]+)"|paint_icon\(\w+, "([a-z]+)"', text))
    names = {name for found in requested for name in found if name}
    assert len(names) > 15
    assert names <= set(NAMES)


def test_icons_of_the_library_have_its_licence_comment() -> None:
    assert "Lucide Icons and Contributors" in FOLDER.joinpath("LICENSE-lucide.txt").read_text(encoding="utf-8")
    for name in NAMES:
        text = FOLDER.joinpath(f"{name}.svg").read_text(encoding="utf-8")
        assert ("@license lucide-static" in text) is (name not in OWN), name
