"""`cmi-gui` and `python -m cmi_gui`: the window, or the command line."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line. Raises SystemExit with the exit code of the process."""
    _prepare_streams()
    _open_a_file()
    from cmi_gui.cli import app
    from cmi_gui.commands.output import NO_ANSWER, complain
    from cmi_gui.commands.signals import stop_with_console
    from cmi_gui.engine.files.program_folder import command_name

    stop_with_console()
    try:
        app(prog_name=command_name())
    except OSError as error:
        complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
        raise SystemExit(NO_ANSWER) from None
    finally:
        _flush()


def _prepare_streams() -> None:
    """Use UTF-8 for standard streams that are not terminals; replace closed ones, which are None, by the null device.

    On Windows the encoding of pipes and files would be that of old programs (cp1252), which has few characters.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the end
        elif isinstance(stream, TextIOWrapper) and not stream.isatty():
            # PowerShell may begin what it pipes with a byte-order mark.
            stream.reconfigure(encoding="utf-8-sig" if name == "stdin" else "utf-8", errors=stream.errors)


def _open_a_file() -> None:
    """Take a path as the only argument for a file to open: so a desktop starts a program with a file.

    No command has a dot or a separator in its name. If there is no such file, `open` says so.
    """
    match sys.argv[1:]:
        case [path] if not path.startswith("-") and (os.path.basename(path) != path or "." in path):
            sys.argv.insert(1, "open")


def _flush() -> None:
    """Flush standard output here, because a full disk would cause a traceback when the interpreter does it at exit."""
    from cmi_gui.commands.output import silence_stdout

    try:
        sys.stdout.flush()
    except OSError:
        silence_stdout()


if __name__ == "__main__":
    main()
