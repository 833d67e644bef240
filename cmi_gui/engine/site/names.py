"""The names of a row and of its module in sentences: never a bare number, as both have eight digits."""

from __future__ import annotations

from cmi_gui.engine.messages import Argument, Message, quoted
from cmi_gui.engine.site.model import SiteModule

_NAMELESS = Message("a row without a number")


def name_of(module: SiteModule) -> Argument:
    """Return the name of the module of a row: by its number, or else by its meter or its place."""
    if module.number:
        return Message("module {0}", (module.number,))
    if module.meter:
        return Message("the module at meter {0}", (module.meter,))
    return module.place or _NAMELESS


def row_name(module: SiteModule) -> Message:
    """Return the name of a row: its module or else its meter, and its place."""
    meter = module.meter or module.meter_read
    if module.number or meter:
        name = Message("module {0}", (module.number,)) if module.number else Message("meter {0}", (meter,))
        return Message("{0} ({1})", (name, module.place)) if module.place else name
    return quoted(module.place) if module.place else _NAMELESS
