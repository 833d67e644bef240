"""Results of background jobs that arrive after the pages were rebuilt in another language."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.ui.background import Background
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.pages.configuration.page import ConfigurationPage
from cmi_gui.ui.prefs import Language


@pytest.fixture
def held(in_contact: MainWindow) -> Iterator[threading.Event]:
    """Hold the background thread, so that the results of later jobs arrive late."""
    go = threading.Event()
    in_contact.background.run(lambda: go.wait(20), lambda _: None, lambda _: None)
    yield go
    go.set()


def in_another_language(
    window: MainWindow, held: threading.Event, qtbot: QtBot, language: Language = Language.SWEDISH
) -> str:
    """Rebuild all pages, let Qt delete the old ones and the results arrive; return the newest message.

    What a callback raises fails the test by itself.
    """
    old = window.stack.currentWidget()
    destroyed: list[object] = []
    old.destroyed.connect(lambda: destroyed.append(True))
    window.set_language(language)
    qtbot.waitUntil(lambda: bool(destroyed))
    held.set()
    qtbot.waitUntil(lambda: not window.background.busy)
    return window.messages.last(1)[0].text


def test_an_import_arrives(in_contact: MainWindow, held: threading.Event, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "kept.toml"
    file.write_text('version = 1\nprofile = "CMi1020"\n[settings]\nrate_map = [4, 3, 2, 1]\n')
    in_contact.go("pageConfiguration")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, ConfigurationPage)
    page.files.load(file)
    assert "kept.toml" in in_another_language(in_contact, held, qtbot)
    assert in_contact.configuration.form.to_write() == {"rate_map": "4 3 2 1"}


def test_a_saved_list_is_reported(in_contact: MainWindow, held: threading.Event, tmp_path: Path, qtbot: QtBot) -> None:
    in_contact.go("pageBus")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, BusPage)
    page.port.list_ports()
    page._save()
    dialog = page.findChild(QWidget, "QFileDialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "list.csv"))  # type: ignore[attr-defined]
    assert "list.csv" in in_another_language(in_contact, held, qtbot)
    assert (tmp_path / "list.csv").exists()


@pytest.mark.parametrize("owner_deleted", [False, True])
def test_a_deleted_owner_is_not_called(qtbot: QtBot, owner_deleted: bool) -> None:
    background = Background()
    owner, called, go = QWidget(), [], threading.Event()
    background.run(lambda: go.wait(20), called.append, called.append, owner=owner)
    if owner_deleted:
        deleted: list[object] = []
        owner.destroyed.connect(lambda: deleted.append(1))
        owner.deleteLater()
        qtbot.waitUntil(lambda: bool(deleted))
    go.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert called == ([] if owner_deleted else [True])
    background.close()
    if not owner_deleted:
        owner.deleteLater()


def test_a_write_continues_while_pages_are_rebuilt(
    in_contact: MainWindow, held: threading.Event, clock: VirtualClock, qtbot: QtBot
) -> None:
    model = in_contact.configuration
    in_contact.go("pageConfiguration")
    assert clock.run_until(clock.now() + 60, lambda: not model.busy)
    for name, text in (("rate_map", "4 3 2 1"), ("primary_address", "9"), ("tag", "77")):
        model.edit(name, text)
    model.write()
    for language in (Language.SWEDISH, Language.ENGLISH):
        before = model.progress
        assert clock.run_until(clock.now() + 60, lambda before=before: model.progress != before)
        in_another_language(in_contact, held, qtbot, language)
    assert clock.run_until(clock.now() + 60, lambda: not model.busy)
    page = in_contact.stack.currentWidget()
    assert isinstance(page, ConfigurationPage)
    assert page._form.isEnabled()
    assert not model.form.changed
    assert in_contact.station.module.settings.rate_map == (4, 3, 2, 1)
    assert in_contact.station.module.primary_address == 9
