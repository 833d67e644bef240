"""The command that reads the built-in module, for users to copy."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.files.program_folder import command_name
from cmi_gui.engine.link.url import parse_link


def read_command(url: str, address: int) -> str:
    """Return the command that reads the module over one of its links; empty for a serial port.

    The name of the port at the master's end of a serial cable is unknown. The option `paced` is left out: it slows
    down what the module sends, which needs no repetition in the master.
    """
    spec = parse_link(url)
    if spec.kind.real_wire:
        return ""
    return f"{command_name()} read --link {replace(spec, paced=False)} --address {address}"
