"""The room that `cmi-gui serve` serves with `--modules` or `--room`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import read_room
from cmi_gui.engine.station.metering_point import PointConfig

_OWN = "each module of a room has its own, which is a key of a room file"
_REASONS = {
    "--meter": "the meters of a room are simulated",
    "--state": "nothing of a room is stored, so that each start of it is the same",
    "--fresh-meter": "the meters of a room are new at each start",
    "--seed": "the room file has the key seed",
    "--interval": "the room file has the key readout_interval",
}
"""Why an option cannot be used with a room, if not because of `_OWN`."""


_MODULE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)", re.DOTALL)
"""The name of a module before a LINK, which has a colon before any equals sign."""


def served_meter_port(text: str | None, points: Sequence[PointConfig]) -> tuple[str, str]:
    """Return the module and the LINK of `[MODULE=]LINK`, the meter's own port; empty texts if that is None.

    Raises ValueError without a LINK, and for a room without a module, because each of its modules has a meter.
    """
    if text is None:
        return "", ""
    if not text.strip():
        raise ValueError("--meter-port needs a LINK, such as tcp://127.0.0.1:10002 or pty:")
    named = _MODULE.fullmatch(text)
    if named is None and len(points) > 1:
        name = points[0].name or points[0].serial
        raise ValueError(
            f"--meter-port must name one module of the room, whose meter it leads to: --meter-port {name}={text}"
        )
    return (named[1], named[2]) if named is not None else ("", text)


def served_points(
    count: int | None,
    file: Path | None,
    *,
    seed: int | None,
    interval: float | None,
    paced: bool,
    others: Mapping[str, object],
) -> tuple[PointConfig, ...]:
    """Return the modules of the room with `count` made modules or in `file`; none if neither is given.

    `others`: the options that a room cannot have, by name; None or False: not given. Raises ValueError for options
    that exclude each other, and for a room that cannot be used.
    """
    if count is None and file is None:
        return ()
    if count is not None and file is not None:
        raise ValueError("--modules makes a room and --room reads one from a file: use one of them")
    refused = dict(others) if file is None else {**others, "--seed": seed, "--interval": interval}
    for name, value in refused.items():
        if value not in (None, False):
            option = "--modules" if file is None else "--room"
            raise ValueError(f"{name} cannot be used with {option}: {_REASONS.get(name, _OWN)}")
    if file is not None:
        points = read_room(file).points
    else:
        points = make_room(
            count or 0, 1 if seed is None else seed, readout_interval=60.0 if interval is None else interval
        ).points
    return tuple(replace(point, paced=paced) for point in points)
