"""Print what a screen reader finds in the window: a line with role, name, value, states and description per element.

    python -m docs.print_accessibility [PART ...] [--language sv]

PART is a page, by its object name (pageTraffic), or one of frame, settings, history, help; without one, all of them.
The module reads its simulated meter in virtual time; no link is opened. Only the first rows of a table are printed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget

from cmi_gui.app import build
from cmi_gui.display import name_font_folder
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.event_loop import event_loop
from cmi_gui.ui.frame.help import HelpWindow
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.makers import page_entries
from cmi_gui.ui.prefs import LANGUAGES, Language

name_font_folder()

STATES = (
    "focused", "disabled", "checkable", "checked", "selected", "expanded", "collapsed", "hasPopup", "busy", "invalid",
    "passwordEdit", "modal",
)  # fmt: skip
"""The states that are printed, by their names in `QAccessible.State`."""
PARTS = ("frame", "settings", "history", "help")
"""What can be printed beside the pages."""
_MOST_CELLS = 24
_CELLS = {QAccessible.Role.Cell, QAccessible.Role.TreeItem, QAccessible.Role.ListItem}


def elements(top: QAccessibleInterface, depth: int = 0) -> Iterator[tuple[int, QAccessibleInterface]]:
    """Yield an element and all visible ones in it, in their order, with their depths."""
    if not top.isValid() or top.state().invisible:
        return
    yield depth, top
    cells = 0
    for number in range(top.childCount()):
        part = top.child(number)
        cells += part is not None and part.role() in _CELLS
        if part is not None and not (cells > _MOST_CELLS and part.role() in _CELLS):
            yield from elements(part, depth + 1)


def in_words(element: QAccessibleInterface) -> str:
    """Return an element in one line."""
    state, number = element.state(), element.valueInterface()
    name, value, about = (
        element.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)
    )
    parts = [
        element.role().name,
        f'"{name}"' if name else "",
        f"= {value}" if value else "",
        f"({number.minimumValue()} to {number.maximumValue()})" if number is not None else "",
        "".join(f"[{each}]" for each in STATES if getattr(state, each)),
        f"- {about}" if about and about != name else "",
    ]
    return " ".join(filter(None, parts)).replace("\n", " / ")


def print_tree(of: QWidget) -> None:
    """Print the elements of a widget; containers that say nothing are left out."""
    for depth, element in elements(QAccessible.queryAccessibleInterface(of)):
        words = in_words(element)
        if words not in ("Client", "Pane", "LayeredPane", "Splitter"):
            print("  " * depth + words)


def main() -> int:
    """Print the parts that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts = [*(entry.name for entry in page_entries()), *PARTS]
    parser.add_argument("part", nargs="*", choices=[*parts, []], metavar="PART", help=", ".join(parts))
    parser.add_argument("--language", choices=[language.value for language in LANGUAGES], default="en")
    options = parser.parse_args()
    _app = QApplication(sys.argv[:1])  # must live as long as the window
    with event_loop():
        clock = VirtualClock()
        window = build(StationConfig(mbus=()), clock=clock)
        window.set_language(Language(options.language))
        window.resize(1366, 768)
        window.show()
        window.start()
        clock.run_until(clock.now() + 30, lambda: window.station.module.contact)
        window.bridge.drain()
        for part in options.part or parts:
            print(f"\n== {part}")
            show(window, part)
        window.close()
    return 0


def show(window: MainWindow, part: str) -> None:
    """Open a part of the window and print it."""
    makers: dict[str, Callable[[], list[QWidget]]] = {
        "frame": lambda: [window.navigation, window.header, window.welcome, window.strip],
        "settings": lambda: [window.open_settings(), window._settings],
        "history": lambda: [window.strip.show_history(), window.strip.popup],
        "help": lambda: [window.open_help(), *window.findChildren(HelpWindow)],
    }
    if part not in makers:
        window.go(part)
        QApplication.processEvents()
        print_tree(window.stack.currentWidget())
        return
    for widget in makers[part]():
        QApplication.processEvents()
        if widget is not None and widget.isVisible():
            print_tree(widget)
            if widget.isWindow():
                widget.close()


if __name__ == "__main__":
    sys.exit(main())
