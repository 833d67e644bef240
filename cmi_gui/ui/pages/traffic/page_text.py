"""The counters of the page Traffic, and the reason why its table is empty."""

from __future__ import annotations

from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.status import listening


def empty_text(model: TrafficModel, station: Station, *, opened: bool) -> str:
    """Return why a table without lines has none. `opened`: it shows a file, not the station's traffic."""
    if model.progress is not None:
        return translate("TrafficPage", "Searching…")
    if model.total:
        return translate("TrafficPage", "No telegram matches the filter")
    if opened:
        return translate("TrafficPage", "This file contains no telegrams")
    where = listening(station)
    listener = next((link for link in station.link_status if link.listens and link.state is LinkState.OPEN), None)
    if where is None and listener is not None:
        return translate("TrafficPage", "Nothing has been received yet on {0}").format(listener.url)
    if where is None:
        return translate("TrafficPage", "No link is open")
    return translate("TrafficPage", "No telegrams yet. An M-Bus master can connect to {0}").format(where.url)


def counters(model: TrafficModel, station: Station, bad_lines: int) -> str:
    """Return the counters of a model; `bad_lines`, the lines of an opened file that cannot be read, are left out."""
    store = model.source.store
    # Counts like the bar of an opened file, without the lines that cannot be read.
    parts = [translate("TrafficPage", "{0} telegrams").format(model.total - bad_lines)]
    if model.filter.terms or model.paused:
        parts.append(translate("TrafficPage", "{0} lines shown").format(model.rowCount()))
    if model.errors:
        parts.append(translate("TrafficPage", "{0} errors").format(model.errors))
    if model.paused and model.waiting:
        parts.append(translate("TrafficPage", "{0} new since the pause").format(model.waiting))
    if store.first and store is station.traffic and store.size * 10 > (store.max_bytes or 0) * 9:
        words = translate("TrafficPage", "older telegrams removed at {0} MiB")
        parts.append(words.format((store.max_bytes or 0) >> 20))
    if model.progress is not None:
        parts.append(translate("TrafficPage", "searching: {0} %").format(int(100 * model.progress)))
    elif model.indexed is not None:
        words = translate("TrafficPage", "preparing the word search: {0} %")
        parts.append(words.format(int(100 * model.indexed)))
    return "  ·  ".join(parts)
