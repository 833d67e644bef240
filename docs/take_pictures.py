"""Take the screenshots of the documentation from the running program.

    python docs/take_pictures.py [FOLDER] [--seconds N] [--large] [--theme light|dark] [--language en|sv]
                                 [--only pages|site]

The unmodified program runs offscreen while a master reads it over TCP, so that the pictures show what a user sees.
`--large` takes them at 1920x1080 instead of 1280x800. The files are named module-light.png, traffic-dark.png, ...;
in Swedish module-light-sv.png, ... Those of the page Site (bus, site, review, report) show a practice site of
30 modules, which takes a few minutes to find and read.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QTableView

from cmi_gui.app import build
from cmi_gui.display import name_font_folder
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.bus.readings_view import SiteReadingsView
from cmi_gui.ui.pages.bus.report_view import ReportView
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.prefs import LANGUAGES, Language
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.theme import Scheme
from cmi_gui.ui.widgets.device.lamp import Lamp

name_font_folder()

MODULES = 30
PLOTTED = ("32.7", "52.7", "72.7", "31.7", "51.7", "71.7")
STEPS = {
    "bus": VisitStep.FIND,
    "site": VisitStep.ASSIGN,
    "review": VisitStep.WRITE,
    "report": VisitStep.REPORT,
}
"""The steps of a visit that are shown, by the name of the picture."""


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
    """Run the window's loop for a while, or until something holds."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if until():
            return True
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()
    return until()


class Master(threading.Thread):
    """A plain M-Bus master: resets the link, then reads every telegram of primary address 0, again and again."""

    def __init__(self, host: str, port: int, every: float) -> None:
        super().__init__(name="picture master")
        self._address = (host, port)
        self._every = every
        self._ending = threading.Event()

    def run(self) -> None:
        with socket.create_connection(self._address, timeout=5) as line:
            self._ask(line, bytes.fromhex("1040004016"))
            fcb = 0x7B
            while not self._ending.wait(self._every):
                if self._ask(line, bytes((0x10, fcb, 0x00, fcb, 0x16))):
                    fcb ^= 0x20

    def _ask(self, line: socket.socket, telegram: bytes) -> bool:
        """Send a telegram until a complete answer is received, three times at most (EN 13757-2)."""
        line.settimeout(0.5)
        for _ in range(3):
            line.sendall(telegram)
            try:
                answer = line.recv(300)
                while answer[:1] == b"\x68" and len(answer) < answer[1] + 6:
                    answer += line.recv(300)
            except TimeoutError:
                continue
            return True
        return False

    def stop(self) -> None:
        """End the reading; it may have ended already."""
        self._ending.set()
        self.join()


@contextmanager
def running_program(size: tuple[int, int]) -> Iterator[tuple[MainWindow, Master]]:
    """Run the program with a window of this size, its module in contact with its meter and read by a master."""
    _app = QApplication(sys.argv[:1])  # must live as long as the window
    window = build(StationConfig(mbus=("tcp://127.0.0.1:0",), readout_interval=5.0))
    window.resize(*size)
    window.show()
    window.welcome.hide()
    try:
        if not wait(20, lambda: listening(window.station) is not None and window.station.module.contact):
            raise SystemExit("the module has no contact with its meter")
        link = listening(window.station)
        match = re.fullmatch(r"tcp://([^:]+):(\d+)", link.url if link else "")
        if match is None:
            raise SystemExit("no link to read over")
        master = Master(match[1], int(match[2]), every=2.0)
        master.start()
        try:
            yield window, master
        finally:
            master.stop()
    finally:
        window.close()


def prepare(window: MainWindow, name: str) -> None:
    """Bring a page into a state that shows its purpose."""
    match name:
        case "pageTraffic":
            table = window.findChild(QTableView, "trafficTable")
            model = table.model()
            last = next(row for row in reversed(range(model.rowCount())) if model.index(row, 5).data() == "RSP_UD")
            table.selectRow(last)
        case "pageModule":
            # While its green LED is on.
            green = window.findChild(Lamp, "ledGreen")
            wait(6, green.isOn)


def site_page(window: MainWindow) -> BusPage:
    """Show the page Site and return it."""
    window.go("pageBus")
    page = next(page for page in window.pages if page.objectName() == "pageBus")
    assert isinstance(page, BusPage)
    return page


def make_site(window: MainWindow) -> bool:
    """Find and read the modules of the practice bus, and want addresses of them; return whether it worked."""
    page = site_page(window)
    page.port.restore({"kind": "practice", "device": ""})
    window.practice.make_modules(MODULES, 1)
    page.scan.button.click()
    wait(900, lambda: not page.bus.scanning)
    modules = window.site.site.modules
    if len(modules) != MODULES:
        return False
    readings = page.views[SiteView.READINGS]
    assert isinstance(readings, SiteReadingsView)
    readings.read_all()
    wait(600, lambda: window.site_readings.run is None)
    for number, module in enumerate(modules, 1):
        cells = {"place": str(1100 + number), "primary_address": str(number), "rate_map": "2211"}
        window.site.set_cells([(module, name, text) for name, text in cells.items()], "typed")
    return all(module.readings for module in modules)


def take_site(window: MainWindow, folder: Path, suffix: str) -> list[tuple[Path, QPixmap]]:
    """Return pictures of the page Site at the steps of a visit."""
    taken = []
    page = site_page(window)
    for name, step in STEPS.items():
        page.show_step(step)
        if step is VisitStep.REPORT:
            report = page.views[SiteView.REPORT]
            assert isinstance(report, ReportView)
            wait(60, lambda report=report: report.preview.count > 0)
        wait(3)
        taken.append((folder / f"{name}-{suffix}.png", window.grab()))
    return taken


def take_pages(window: MainWindow, folder: Path, suffix: str) -> list[tuple[Path, QPixmap]]:
    """Return pictures of the other pages, not written yet: writing would block the window and delay answers."""
    taken = []
    for page in window.pages:
        if page.objectName() == "pageBus":
            continue
        window.go(page.objectName())
        wait(0.6)
        prepare(window, page.objectName())
        wait(0.2)
        name = page.objectName().removeprefix("page").lower()
        taken.append((folder / f"{name}-{suffix}.png", window.grab()))
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "images")
    parser.add_argument("--seconds", type=float, default=75.0, help="run time before the pictures are taken")
    parser.add_argument("--large", action="store_true", help="1920x1080 instead of 1280x800")
    parser.add_argument("--theme", action="append", choices=["light", "dark"], help="default: both; may be repeated")
    codes = [language.value for language in LANGUAGES]
    parser.add_argument("--language", action="append", choices=codes, help="default: English; may be repeated")
    parser.add_argument("--only", choices=["pages", "site"], help="all pages but Site, or Site; default: both")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with running_program((1920, 1080) if options.large else (1280, 800)) as (window, master):
        readings = next(page for page in window.pages if page.objectName() == "pageReadings")
        for code in PLOTTED:
            readings.model.set_plotted(code, True)
        wait(options.seconds)
        taken: list[tuple[Path, QPixmap]] = []
        for part, take in (("pages", take_pages), ("site", take_site)):
            if options.only not in (None, part):
                continue
            if part == "site":
                # After the other pages, so that Traffic does not show the search.
                master.stop()
                if not make_site(window):
                    raise SystemExit("not all modules of the practice bus were found and read")
            for language in options.language or ["en"]:
                window.set_language(Language(language))
                window.welcome.hide()
                for theme in options.theme or ["light", "dark"]:
                    window.set_theme(Scheme(theme))
                    wait(0.5)
                    taken += take(window, options.folder, theme if language == "en" else f"{theme}-{language}")
        for path, picture in taken:
            # 0 is the smallest file
            picture.save(str(path), "PNG", 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
