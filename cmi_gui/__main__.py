"""`cmi-gui` and `python -m cmi_gui`: the window, or the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; its end is the process's exit code."""
    from cmi_gui.cli import app

    app(prog_name="cmi-gui")


if __name__ == "__main__":
    sys.exit(main())
