"""Make the icon of the Windows executables from the program's drawing: `python icon.py FILE.ico`.

An .ico file is a table of pictures, each of which may be a PNG since Windows Vista. Qt can only write a single one.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.theme import LIGHT

SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""The sizes that Windows shows in lists, title bars, the task bar and as large icons, at 100 to 250 %."""


def picture(size: int) -> bytes:
    """Return the drawing as PNG."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, "app", QRectF(0, 0, size, size), LIGHT.accent)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def icon(pictures: dict[int, bytes]) -> bytes:
    """Return the .ico file of PNGs by their size, 1 to 256 pixels."""
    table = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(table) + 16 * len(pictures)
    for size, data in pictures.items():
        # 256 does not fit into a byte and is written as 0.
        table += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return table + b"".join(pictures.values())


def main(file: Path) -> int:
    _app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    file.write_bytes(icon({size: picture(size) for size in SIZES}))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
