"""Every page at the sizes of usual screens, in every language: nothing is cut, outside of its parent or squeezed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.prefs import LANGUAGES, Language
from cmi_gui.ui.targets import BUILT_IN
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from tests.helpers.fit import misfits
from tests.ui.conftest import RealModule

SIZES = [QSize(960, 600), QSize(1093, 614), QSize(1280, 720), QSize(1366, 768), QSize(1920, 1080)]


def settle(window: MainWindow) -> None:
    """Finish layouts that take several turns."""
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("real", [False, True], ids=["built in", "real module"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits(
    in_contact: MainWindow, real_module: RealModule, qtbot: QtBot, language: Language, real: bool
) -> None:
    window = in_contact
    window.targets.choose(real_module.target.key if real else BUILT_IN)
    if language is not Language.ENGLISH:
        window.set_language(language)
    found = []
    try:
        for size in SIZES:
            window.resize(size)
            for place in range(window.stack.count()):
                window.navigation.choose(place)
                where = f"{size.width()}x{size.height()} {window.stack.name_of(place)}"
                settle(window)
                found += [f"{where}: {what}" for what in misfits(window)]
                for part in window.stack.page(place).findChildren(Disclosure):
                    part.set_open(True)
                settle(window)
                found += [f"{where}, unfolded: {what}" for what in misfits(window)]
                assert window.size() == size
    finally:
        window.set_language(Language.ENGLISH)
    assert found == []


def test_the_window_can_be_960_pixels_wide_and_its_navigation_collapses(in_contact: MainWindow) -> None:
    window, navigation = in_contact, in_contact.navigation
    window.resize(1180, 700)
    assert not navigation.collapsed
    window.resize(1179, 700)
    assert navigation.collapsed
    window.resize(100, 700)
    assert window.width() == 960
    settle(window)
    assert navigation.width() < 60
    entries = [entry for entry in navigation.findChildren(QWidget) if entry.accessibleName()]
    assert len(entries) == 9
    assert all(entry.toolTip().startswith(entry.accessibleName()) for entry in entries)
    window.resize(1180, 700)
    settle(window)
    assert navigation.width() > 120
