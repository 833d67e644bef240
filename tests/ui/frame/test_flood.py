"""A client that floods the window: the window responds, and another client is served."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from cmi_gui.engine.machine import LinkState
from cmi_gui.ui.frame.main_window import MainWindow
from tests.helpers.tcp import FLOODS, answers, flood
from tests.helpers.waiting import WAIT_SECONDS

ASKED = 25
"""Requests of the other master, tried once each: few, because one without an answer takes a second."""


# A process that gets only a part of a core is too slow for the flood, though each of its threads is hardly late.
@pytest.mark.real_time(0.01)
@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_neither_stops_the_window_nor_another_master(
    qtbot: QtBot, make_window: Callable[..., MainWindow], kind: str
) -> None:
    window = make_window()
    window.show()
    window.start()
    window.go("pageTraffic")
    (link,) = [link for link in window.station.link_status if link.side == "mbus"]
    qtbot.waitUntil(lambda: link.state is LinkState.OPEN)
    port = int(link.url.rpartition(":")[2])

    def connect() -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), WAIT_SECONDS)

    answered: list[bool] = []

    def ask() -> None:
        with connect() as master:
            # The slave withholds late answers, so an answer that arrives is within its reply window.
            answered.extend(answers(master, tries=1) for _ in range(ASKED))

    ticks: list[bool] = []
    ticking = QTimer(window)
    ticking.timeout.connect(lambda: ticks.append(True))
    ticking.start(5)
    lump, reads = FLOODS[kind]
    with flood(connect, lump, reads=reads):
        asking = threading.Thread(target=ask)
        asking.start()
        qtbot.waitUntil(lambda: not asking.is_alive())
    ticking.stop()
    # On a busy machine answers are withheld because they are late; `benchmarks flood` counts those. A master that the
    # flood locks out would get hardly any.
    assert len(answered) == ASKED
    assert sum(answered) >= ASKED // 2
    assert len(ticks) > 3
