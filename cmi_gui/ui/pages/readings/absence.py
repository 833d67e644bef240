"""The text that says why a time range has no readings."""

from __future__ import annotations

from cmi_gui.engine.clock import local_time
from cmi_gui.engine.history.values import Absence, GapCause
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.text.messages import translate


def absence_text(absence: Absence, begin: float, end: float, history: ReadingsHistory, key: str) -> str:
    """Return why a module has no readings from `begin` to `end`, in seconds of wall time."""
    if begin >= history.now():
        return translate("Absence", "This time is in the future")
    if absence.first is None:
        return translate("Absence", "No readings are stored yet")
    if end * 1000 <= absence.first:
        return translate("Absence", "The stored readings begin at {0}").format(_moment(absence.first))
    cause = absence.cause
    if cause is GapCause.NOT_RUNNING and end > history.started:
        # The gap is stored when there was a reading before it; in this run there is none yet.
        cause = history.present_gap(key)
    match cause:
        case GapCause.NO_CONTACT:
            return translate("Absence", "No readings in this time: the module had no contact with the meter")
        case GapCause.NO_POWER:
            return translate("Absence", "No readings in this time: the module had no power from the bus")
        case GapCause.NOT_RUNNING:
            return translate(
                "Absence", "No readings in this time: the program was not running, or the computer was asleep"
            )
        case GapCause.NO_ANSWER:
            return translate("Absence", "No readings in this time: the module did not answer")
    if absence.last is None:
        return translate("Absence", "No readings in this time")
    return translate("Absence", "No readings in this time; the last one before it was at {0}").format(
        _moment(absence.last)
    )


def _moment(ms: int) -> str:
    return f"{local_time(ms / 1000):%Y-%m-%d %H:%M}"
