"""Every page and dialog at the sizes of usual screens, in every language and text size: nothing is cut or covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.prefs import LANGUAGES, Language
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.theme import Density, TextSize
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from tests.helpers.fit import misfits
from tests.ui.conftest import RealModule

SIZES = [
    QSize(960, 540),  # 1920x1080 at 200 %
    QSize(1093, 614),  # 1366x768 at 125 %
    QSize(1280, 720),  # also 1920x1080 at 150 %
    QSize(1366, 768),
    QSize(1920, 1080),
]
LooksOf = Callable[[Language, TextSize, Density], MainWindow]
LOOKS: list[tuple[TextSize, Density]] = [
    (100, Density.COMFORTABLE),
    (90, Density.COMPACT),
    (125, Density.COMFORTABLE),
    (150, Density.COMFORTABLE),
    (150, Density.COMPACT),
]


def settle() -> None:
    """Finish layouts that take several turns."""
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def looks_of(in_contact: MainWindow, qapp: QApplication) -> Iterator[LooksOf]:
    """A function that gives the window a language, a text size and a density."""
    window = in_contact

    def show(language: Language, text_size: TextSize, density: Density) -> MainWindow:
        install_language(qapp, language)
        # Builds frame and pages again, also in the new language.
        window.set_sizes(text_size, density)
        return window

    yield show
    window.close()


def walk(window: MainWindow) -> list[str]:
    """Return what does not fit on the pages at all sizes, their folded sections folded and unfolded."""
    found = []
    for size in SIZES:
        window.resize(size)
        for place in range(window.stack.count()):
            window.navigation.choose(place)
            where = f"{size.width()}x{size.height()} {window.stack.name_of(place)}"
            settle()
            found += [f"{where}: {what}" for what in misfits(window)]
            folded = [part for part in window.stack.page(place).findChildren(Disclosure) if not part.opened]
            for part in folded:
                part.set_open(True)
            settle()
            found += [f"{where}, unfolded: {what}" for what in misfits(window)]
            for part in folded:
                part.set_open(False)
            page = window.stack.page(place)
            if isinstance(page, BusPage) and size in (SIZES[0], SIZES[3]):
                found += unfit_views(window, page, where)
            assert window.size() == size
    return found


def unfit_views(window: MainWindow, page: BusPage, where: str) -> list[str]:
    """Return what does not fit in the views of the page Site."""
    found = []
    for view in SiteView:
        page.show_view(view)
        settle()
        found += [f"{where}, {view.value}: {what}" for what in misfits(window)]
    page.show_step(VisitStep.CONNECT)
    return found


def unfit_dialogs(window: MainWindow) -> list[str]:
    """Return what does not fit in the windows that open over the main window, on the smallest screen."""
    window.resize(SIZES[0])
    window.go("pageTraffic")
    help_button = window.findChild(Button, "trafficFilterHelp")
    assert help_button is not None
    question = " ".join(["A question of many words."] * 8)
    # A popup closes when another window opens.
    open_each: tuple[Callable[[], object], ...] = (
        window.open_settings,
        window.open_help,
        lambda: confirm(window, "Title", question, "Do it", lambda: None),
        window.strip.show_history,
        help_button.click,
    )
    found = []
    for open_one in open_each:
        open_one()
        settle()
        dialogs = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]
        (dialog,) = dialogs
        name = type(dialog).__name__
        dialog.resize(dialog.size().boundedTo(SIZES[0] * 0.95))
        settle()
        found += [f"{name}: {what}" for what in misfits(dialog)]
        if dialog.width() > SIZES[0].width() or dialog.height() > SIZES[0].height():
            found.append(f"{name} is larger than the screen: {dialog.size().toTuple()}")
        dialog.close()
        settle()
    return found


@pytest.mark.no_cover
@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
@pytest.mark.parametrize(("text_size", "density"), LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_dialog_fits(
    looks_of: LooksOf, language: Language, text_size: TextSize, density: Density
) -> None:
    window = looks_of(language, text_size, density)
    assert walk(window) == []
    assert unfit_dialogs(window) == []


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("language", "text_size"), [(Language.ENGLISH, 100), (Language.SWEDISH, 100), (Language.SWEDISH, 150)]
)
def test_every_page_fits_with_a_real_module(
    in_contact: MainWindow, real_module: RealModule, looks_of: LooksOf, language: Language, text_size: TextSize
) -> None:
    in_contact.targets.choose(real_module.target.key)
    assert walk(looks_of(language, text_size, Density.COMFORTABLE)) == []


@pytest.mark.no_cover
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_with_the_practice_bus(
    in_contact: MainWindow, practice_module: ModuleTarget, looks_of: LooksOf, language: Language
) -> None:
    in_contact.practice.serve(True)
    assert in_contact.practice.room is not None
    in_contact.practice.room.set_time_factor(1000)
    assert walk(looks_of(language, 100, Density.COMFORTABLE)) == []


def test_the_window_can_be_960_pixels_wide_and_its_navigation_collapses(in_contact: MainWindow) -> None:
    window, navigation = in_contact, in_contact.navigation
    window.resize(1180, 700)
    assert not navigation.collapsed
    window.resize(1179, 700)
    assert navigation.collapsed
    window.resize(100, 700)
    assert window.width() == 960
    settle()
    assert navigation.width() < 60
    entries = [entry for entry in navigation.findChildren(QWidget) if entry.accessibleName()]
    assert len(entries) == 9
    assert all(entry.toolTip().startswith(entry.accessibleName()) for entry in entries)
    window.resize(1180, 700)
    settle()
    assert navigation.width() > 120
