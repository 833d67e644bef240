"""The diagnostics report for support: complete plain text without secrets, to be copied or saved."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cmi_gui.engine.diagnostics.checks import CheckState, Symptom
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.models.diagnosis import TargetDiagnosis
from cmi_gui.ui.pages.diagnostics.evidence import evidence
from cmi_gui.ui.pages.diagnostics.remedies import remedy
from cmi_gui.ui.pages.diagnostics.words import holds, question, state_word, title
from cmi_gui.ui.text.activity import disconnector_text
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.status import bus_status, meter_status
from cmi_gui.ui.text.words import LogEntry, condition_text, link_text, volts_text
from cmi_gui.versions import versions

_WIDTH = 28


def report_text(station: Station, diagnosis: TargetDiagnosis, messages: Sequence[LogEntry]) -> str:
    """Return the report; `messages`: newest first. Neither settings nor messages contain P1 or P2."""
    now = station.clock.now()
    parts = [
        (translate("Report", "Versions"), _versions(station)),
        (translate("Report", "Chosen module"), _target(station, diagnosis)),
        (translate("Report", "State of the built-in module"), _state(station, now)),
        (translate("Report", "Settings of the built-in module"), _settings(station)),
        (translate("Report", "Wiring"), _wiring(station)),
        (translate("Report", "Checks of the chosen module"), _checks(diagnosis.look())),
        (translate("Report", "Counters"), _counters(station)),
        (translate("Report", "Last messages, newest first"), _messages(station, messages)),
    ]
    when = station.anchor.local(now).isoformat(sep=" ", timespec="seconds")
    lines = [translate("Report", "cmi_gui diagnostics report"), when]
    for heading, rows in parts:
        lines += ["", heading, "-" * len(heading), *rows]
    return without_home("\n".join(lines) + "\n")


def without_home(text: str) -> str:
    """Return the text with the home folder replaced by `~`, so that it does not reveal the user's name."""
    home = Path.home()
    # A home folder "/" would be replaced in every path.
    if home == home.parent:
        return text
    # Qt writes the paths of Windows with slashes, and Windows ignores case.
    folders = r"[\\/]".join(re.escape(part.rstrip("\\/")) for part in home.parts)
    return re.sub(folders + r"(?![^\s/\\:;,.()'\"])", "~", text, flags=re.IGNORECASE if os.name == "nt" else 0)


def _row(name: str, value: object) -> str:
    return f"{name:<{_WIDTH}} {value}"


def _versions(station: Station) -> list[str]:
    found = versions()
    return [
        _row("cmi_gui", found.program),
        _row(translate("Report", "Build"), found.build),
        _row("Python", found.python),
        *(_row(name, version or "-") for name, version in found.libraries.items()),
        _row(translate("Report", "System"), found.system),
        _row(
            translate("Report", "Module profile"),
            _profile(station.commands.profile.name, station.config.module_profile),
        ),
        _row(translate("Report", "Meter profile"), _profile(station.meter_profile.name, station.config.meter_profile)),
    ]


def _profile(name: str, path: Path | None) -> str:
    return name if path is None else f"{name} ({path.name})"


def _target(station: Station, diagnosis: TargetDiagnosis) -> list[str]:
    target = diagnosis.target
    if target.built_in:
        return [_row(translate("Report", "Module"), target.name)]
    read = (
        "-" if target.read_at is None else station.anchor.local(target.read_at).isoformat(sep=" ", timespec="seconds")
    )
    return [
        _row(translate("Report", "Module"), target.name),
        _row(translate("Report", "Link"), target.where),
        _row(translate("Report", "Address"), target.reach().where),
        _row(translate("Report", "Last read"), read),
        _row(translate("Report", "Meter"), target.meter or "-"),
        *(_row(name, value or "-") for name, value in diagnosis.known_settings().items()),
    ]


def _state(station: Station, now: float) -> list[str]:
    module = station.module_state()
    bus, meter = bus_status(station, module), meter_status(station, module, now)
    rows = [
        _row(translate("Report", "Module"), module.serial),
        _row(translate("Report", "Condition"), "; ".join(condition_text(module.condition))),
        _row(translate("Report", "Bus"), f"{bus.title}; {bus.detail}"),
        _row(translate("Report", "Meter"), f"{meter.title}; {meter.detail}"),
        _row(translate("Report", "Meter identification"), module.identification or "-"),
        _row(translate("Report", "Rate inputs"), f"B = {volts_text(module.volts_b)}, A = {volts_text(module.volts_a)}"),
        _row(translate("Report", "Rate"), module.rate or "-"),
        _row(translate("Report", "Rate error"), module.rate_error or "-"),
        _row(translate("Report", "Disconnector"), disconnector_text(module, now)),
    ]
    simulated = station.meter_state()
    if simulated is not None:
        rows.append(_row(translate("Report", "Faults switched on"), ", ".join(sorted(simulated.faults)) or "-"))
    return rows


def _settings(station: Station) -> list[str]:
    values = msgspec.structs.asdict(station.settings)
    # Settings that only a user's own profile defines are listed with the others.
    values |= values.pop("extra")
    rows = [_row(name, _value(value)) for name, value in values.items()]
    return [*rows, _row("p1, p2", translate("Report", "not included"))]


def _value(value: object) -> object:
    """Return a value in readable form: lists with commas, "-" for an unset value."""
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return "-" if value is None or value == "" else value


def _wiring(station: Station) -> list[str]:
    rows = []
    for link in station.link_status:
        problem = f"; {text_of(link.message)}" if link.message else ""
        rows.append(_row(f"{link.side}: {link_text(link.side, link.url)}", f"{link.state.value}{problem}"))
    return rows


def _checks(symptoms: Sequence[Symptom]) -> list[str]:
    rows: list[str] = []
    for symptom in symptoms:
        rows.append(question(symptom.id))
        for check in symptom.checks:
            wrong = check.state is CheckState.WRONG
            statement = title(symptom.id, check.id, failed=not holds(check))
            rows.append(f"  [{state_word(check)}] {statement}: {evidence(check)}")
            if wrong and remedy(check):
                rows.append(f"      {remedy(check)}")
    return rows


def _counters(station: Station) -> list[str]:
    rows = [
        _row(
            f"{link.side}: {link_text(link.side, link.url)}",
            translate("Report", "{0} bytes in, {1} bytes out").format(link.bytes_in, link.bytes_out),
        )
        for link in station.link_status
    ]
    return [
        *rows,
        _row(translate("Report", "Traffic rows"), len(station.traffic)),
        _row(translate("Report", "Failed readouts in a row"), station.module_state().failures),
    ]


def _messages(station: Station, messages: Sequence[LogEntry]) -> list[str]:
    return [
        f"{station.anchor.local(message.at):%H:%M:%S} [{message.level.value}] {message.text}" for message in messages
    ]
