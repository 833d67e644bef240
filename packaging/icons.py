"""Copy the icons from Lucide: `npm pack lucide-static`, unpack it, `python packaging/icons.py FOLDER/package`.

The window uses icons by purpose; the table `LUCIDE` maps each purpose to an icon of Lucide. The files are copied
unchanged, with their licence. `app`, `module` and `meter` are drawings of this project.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ICONS = Path(__file__).resolve().parent.parent / "cmi_gui" / "resources" / "icons"
OWN = ("app", "module", "meter")
LUCIDE = {
    "add": "plus",
    "bookmark": "bookmark",
    "bus": "network",
    "chevron": "chevron-down",
    "clear": "trash-2",
    "close": "x",
    "configuration": "list-checks",
    "connections": "cable",
    "copy": "copy",
    "diagnostics": "activity",
    "down": "arrow-down",
    "export": "upload",
    "follow": "arrow-down-to-line",
    "help": "circle-question-mark",
    "history": "history",
    "import": "download",
    "info": "info",
    "listen": "ear",
    "master": "square-terminal",
    "more": "ellipsis",
    "open": "folder-open",
    "pause": "pause",
    "play": "play",
    "readings": "chart-line",
    "record": "circle-dot",
    "redo": "redo-2",
    "refresh": "refresh-cw",
    "search": "search",
    "settings": "settings",
    "stop": "square",
    "traffic": "arrow-left-right",
    "undo": "undo-2",
    "up": "arrow-up",
    "warning": "triangle-alert",
    "write": "pencil-line",
}


def main(package: Path) -> int:
    for name, source in LUCIDE.items():
        shutil.copy(package / "icons" / f"{source}.svg", ICONS / f"{name}.svg")
    shutil.copy(package / "LICENSE", ICONS / "LICENSE-lucide.txt")
    left = sorted({path.stem for path in ICONS.glob("*.svg")} - {*LUCIDE, *OWN})
    if left:
        print(f"not in the table: {', '.join(left)}")
    return 1 if left else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
