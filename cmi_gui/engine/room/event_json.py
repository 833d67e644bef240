"""Events of a station as plain values, for the line `events`."""

from __future__ import annotations

import msgspec

from cmi_gui.engine.events import Anchor, Stamped
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.messages import Message


def event_json(stamped: Stamped, anchor: Anchor) -> dict[str, Json]:
    """Return an event with its number, local time, source and kind, then its own values; messages are in English.

    `at` is the time in seconds of the station's clock, to which the times in a module's state refer.
    """
    return {
        "seq": stamped.seq,
        "time": anchor.local(stamped.at).isoformat(timespec="milliseconds"),
        "at": round(stamped.at, 6),
        "source": stamped.source,
        "event": type(stamped.event).__name__,
        **_fields(stamped.event),
    }


def _fields(value: msgspec.Struct) -> dict[str, Json]:
    return {name: _plain(field) for name, field in msgspec.structs.asdict(value).items()}


def _plain(value: object) -> Json:
    match value:
        case Message():
            return str(value)
        case msgspec.Struct():
            return _fields(value)
        case tuple() | list():
            return [_plain(item) for item in value]
        case str() | int() | float() | None:
            return value
        case _:
            return str(value)
