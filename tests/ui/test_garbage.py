"""Garbage is collected on the window's thread, whichever thread makes it."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from cmi_gui.ui.event_loop import garbage_collected_here

MADE = 100_000
"""Cycles made by the thread: with collection on its own thread, some hundred collections."""


def test_garbage_of_another_thread_is_collected_here(qtbot: QtBot) -> None:
    parent = QObject()
    collected_on: list[threading.Thread] = []

    def note(phase: str, _details: dict[str, int]) -> None:
        if phase == "start":
            collected_on.append(threading.current_thread())

    def make_garbage() -> None:
        for _ in range(MADE):
            cycle: list[object] = []
            cycle.append(cycle)

    gc.callbacks.append(note)
    gc.enable()  # as it is in the program
    try:
        with garbage_collected_here(parent):
            maker = threading.Thread(target=make_garbage)
            maker.start()
            qtbot.waitUntil(lambda: not maker.is_alive() and bool(collected_on))
    finally:
        gc.callbacks.remove(note)
    assert set(collected_on) == {threading.main_thread()}
    assert gc.isenabled()
