"""Garbage is collected on the window's thread, whichever thread makes it."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from cmi_gui.ui.event_loop import collect_what_is_due, garbage_collected_here


def collections() -> int:
    """Return the number of collections so far, on any thread; a callback of `gc` would disturb what it counts."""
    return sum(generation["collections"] for generation in gc.get_stats())


def test_no_other_thread_collects(qtbot: QtBot) -> None:
    enough = threading.Event()

    def make_garbage() -> None:
        while not enough.is_set():
            cycle: list[object] = []
            cycle.append(cycle)

    gc.enable()  # as it is in the program
    makers = [threading.Thread(target=make_garbage) for _ in range(2)]
    with garbage_collected_here(QObject()):
        for maker in makers:
            maker.start()
        try:
            # The timer cannot run between these lines, so there is at most the collection of each call.
            first = collections()
            for _ in range(20):
                before = collections()
                # A long collection, after which another thread takes its turn.
                young = [[] for _ in range(100_000)]  # type: list[list[None]]
                collect_what_is_due()
                assert collections() - before <= 1
                del young
            assert collections() - first >= 10
            # The timer collects too.
            last = collections()
            qtbot.waitUntil(lambda: collections() > last)
        finally:
            enough.set()
            for maker in makers:
                maker.join()
    assert gc.isenabled()
