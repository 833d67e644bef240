"""`cmi-gui` and `python -m cmi_gui`: the window, or the command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line. Raises SystemExit with the exit code of the process."""
    _fill_missing_streams()
    _open_a_file()
    from cmi_gui.cli import app
    from cmi_gui.commands.output import NO_ANSWER, complain
    from cmi_gui.engine.files.program_folder import command_name

    try:
        app(prog_name=command_name())
    except OSError as error:
        complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
        raise SystemExit(NO_ANSWER) from None
    finally:
        _flush()


def _fill_missing_streams() -> None:
    """Replace standard streams that the caller has closed, which are None, by the null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the end


def _open_a_file() -> None:
    """Take a path as the only argument for a file to open: so a desktop starts a program with a file.

    No command has a dot or a separator in its name.
    """
    match sys.argv[1:]:
        case [path] if not path.startswith("-") and (os.path.basename(path) != path or "." in path):
            if os.path.isfile(path):
                sys.argv.insert(1, "open")


def _flush() -> None:
    """Flush standard output here, because a full disk would cause a traceback when the interpreter does it at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    main()
