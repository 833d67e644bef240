"""Make the animation of the README from the running program: `python docs/make_animation.py [FILE.gif]`.

Needs Pillow, in the extra "site". As with take_pictures.py, the unmodified program runs offscreen while a master reads
its module. Then it finds the modules of a practice bus, which is shown in quick motion. It takes about two minutes.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage
from take_pictures import Master, prepare, running_program, site_page, wait

from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.widgets.device.keys import Rocker
from cmi_gui.ui.widgets.device.lcd import MeterDisplay

SIZE = (1200, 720)
MODULES = 8
QUICK = 25
"""How much faster than in reality the search is shown."""
LIMIT = 1_000_000
"""The largest size of the file in bytes."""


@dataclass
class Film:
    """The pictures of the window, and how long each is shown, in ms; a picture like the one before prolongs it."""

    window: MainWindow
    frames: list[Image.Image] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def take(self, ms: int) -> None:
        """Take a picture that is shown for `ms`."""
        picture = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        frame = Image.frombuffer(
            "RGB", (picture.width(), picture.height()), bytes(picture.constBits()), "raw", "RGB", picture.bytesPerLine()
        )
        if self.frames and self.frames[-1].tobytes() == frame.tobytes():
            self.times[-1] += ms
        else:
            self.frames.append(frame)
            self.times.append(ms)

    def follow(self, seconds: float, every: float = 0.2) -> None:
        """Take pictures for a while, shown as fast as they were taken."""
        for _ in range(round(seconds / every)):
            wait(every)
            self.take(round(1000 * every))

    def save(self, path: Path) -> None:
        """Write the film with one palette for all pictures, so that what does not move is stored once."""
        sheet = Image.new("RGB", (SIZE[0], SIZE[1] * 8))
        for place in range(8):
            sheet.paste(self.frames[place * (len(self.frames) - 1) // 7], (0, place * SIZE[1]))
        palette = sheet.quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        first, *rest = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames)
        first.save(path, save_all=True, append_images=rest, duration=self.times, loop=0, optimize=True)


def shoot(window: MainWindow, master: Master) -> Film:
    """Return the film: the module in its meter, the traffic, and a site that is found and planned."""
    film = Film(window)
    window.go("pageModule")
    display = next(display for display in window.findChildren(MeterDisplay) if display.isVisible())
    # Most registers of rates are zero.
    wait(120, lambda: any(digit in "123456789" for digit in display.state.value))
    film.follow(1)
    window.findChild(Rocker, "rateInputASwitch").click()
    film.follow(3)
    window.go("pageTraffic")
    wait(0.5)
    film.follow(3, 0.5)
    prepare(window, "pageTraffic")
    film.follow(3, 0.5)
    master.stop()

    page = site_page(window)
    page.show_step(VisitStep.FIND)
    page.port.restore({"kind": "practice", "device": ""})
    window.practice.make_modules(MODULES, 1)
    wait(1)
    film.take(1000)
    page.scan.button.click()
    while page.bus.scanning:
        wait(QUICK * 0.12, lambda: not page.bus.scanning)
        film.take(120)
    film.take(1500)
    page.show_step(VisitStep.ASSIGN)
    wait(0.5)
    film.take(1000)
    for number, module in enumerate(window.site.site.modules, 1):
        cells = {"place": f"flat {number}", "primary_address": str(number)}
        window.site.set_cells([(module, name, text) for name, text in cells.items()], "typed")
        wait(0.2)
        film.take(250)
    film.take(2500)
    return film


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=Path(__file__).parent / "images" / "window.gif")
    parser.add_argument("--seconds", type=float, default=20.0, help="run time before the film begins")
    options = parser.parse_args()
    with running_program(SIZE) as (window, master):
        wait(options.seconds)
        film = shoot(window, master)
    film.save(options.file)
    size = options.file.stat().st_size
    print(f"{options.file}: {len(film.frames)} pictures, {sum(film.times) / 1000:.0f} s, {size / 1e6:.2f} MB")
    return 0 if size <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
