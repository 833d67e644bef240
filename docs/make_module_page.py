"""Write docs/module.md: every command, behaviour and control line, from the files that the program itself reads.

python docs/make_module_page.py [FILE]
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path

from cmi_gui.engine.cmi1020 import disconnector, indicators, inputs, module, reader, telegrams
from cmi_gui.engine.cmi1020.command_words import range_words, row_bytes
from cmi_gui.engine.cmi1020.commands import CommandTable, Value
from cmi_gui.engine.cmi1020.profile import CommandRow, ModuleProfile, ValueType, load_module_profile
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.settings import BAUD_RATES, ModuleSettings
from cmi_gui.engine.files.profiles import read_profile
from cmi_gui.engine.mbus import line_speed, slave, times
from cmi_gui.engine.mbus.ci import CI_SEND
from cmi_gui.engine.mbus.frame import FCB, SND_UD, Frame
from cmi_gui.engine.meter_profile.display_text import VALUE_WIDTH
from cmi_gui.engine.meter_profile.profile import MeterProfile
from cmi_gui.engine.room.operator import LINES
from cmi_gui.engine.room.quantities import QUANTITIES
from cmi_gui.engine.station.simulated_meter import SAVE_INTERVAL

PAGE = Path(__file__).with_name("module.md")
BEHAVIOUR = Path(__file__).with_name("module_behaviour.toml")
ADDRESS = 1
ACTION_WORDS = {"": "plain", "00": "00 write", "07": "07 clear", "08": "08 add", "09": "09 delete"}

INTRODUCTION = """\
# The module, command by command

<!-- Written by docs/make_module_page.py; do not change it by hand. -->

The maker's complete manual of the CMi1020 is not public. This page describes the behaviour of this program and the
basis of each command and each rule, so that they can be compared with the manual.

**Marks of behaviours.** S: stated by a document of the product itself. F: a fact of a standard, of the meter or of
another product of the maker. A: an assumption or a decision of this project.

**Basis of commands.** *documented*: in a document about the CMi1020. *Elvaco convention*: bytes that are documented for
another product of the maker. *EN 13757-3*: defined by the standard. *assumption*: chosen by this project.

All of this can be changed without changing code: the commands are in `cmi_gui/resources/profiles/cmi1020.toml`, the
commands to the meter in `e350.toml` beside it, the mapping of OBIS codes to records in `readout.toml`.
`cmi-gui profile check FILE` validates a file of your own that replaces one of the first two;
`serve --module-profile FILE --meter-profile FILE` uses it, and so does a file of the same name in the user's
configuration folder.
"""

COMMANDS = """\
The commands are in the manual's order. `nn` is a byte of a number, lowest byte first; `d1` to `d4` are digits as BCD,
lowest byte first; `r0` to `r3` are the rates for (B, A) = 00, 01, 10, 11; `LL` is a length, and the text after it is
sent in reverse. Records follow CI 51 in a SND_UD; A is the address, C the C field, CS the checksum.
"""

OBJECT_ACTIONS = """\
In the form with an object action, bit 7 of the last VIF or VIFE is set and the code of the action follows it (after the
text of a plain-text VIF). For writing, this form is optional.
"""

CONTROL = """\
`serve` reads control lines from standard input, and with `--control tcp://127.0.0.1:PORT` from a socket on loopback.
The answer to each is one line: `ok`, `error: ...`, or the requested information; with `--json` it is an object with
`ok`. For a line that is wrong or has no effect now, `ok` is false, and the object also has `error` (a code) and
`message`. Empty lines and lines that begin with `#` are ignored. The socket closes a connection at the first line that
is not a control line, because a page in a browser could post to it; of more than eight connections, the one that has
been silent for the longest time is closed.

With `--control-token FILE` each connection must begin with the line `token SECRET`; any other first line is answered
with the error `control_token`, and the connection is closed. A connection that has given the token stays open after a
line that is not a control line. The file holds the token, 16 to 128 characters, and only
its owner may read or change it (mode 600; Windows has no such modes); otherwise `serve` does not start.

`[TARGET]` is the serial number or the name of a module, or `all`; without it, a line concerns the only or built-in
module. Of `all`, each module that can carry out the line does; the first refusal is the answer. `status` and
`diagnose` then answer with `modules`, by name. A word with blanks stands in quotes.

A line that waits is answered when its condition is met, or with the error `not_met` when its time is over. Meanwhile
other connections are served; the next line of the same connection waits. `events` is answered, and from then on every
event is sent to that connection as a JSON object with `seq`, `time`, `at`, `source`, `event` and its values, among the
answers to further lines; `at` and the times in a state are seconds of one clock. If a connection does not read them, at
most 10,000 events are stored for it, and an event `Dropped` counts the others.
"""

CONDITIONS = """\
The condition of `expect` and `wait` is `[TARGET] QUANTITY [is] VALUE`. With `all` it must hold for every module.
Numbers can be compared with `>=`, `<=`, `>` or `<` in place of `is`; `none` is the value of what is not known. The
`yes` of a quantity with `yes` and `no` may be left out. Other quantities are the readings of the last readout by their
OBIS codes, as numbers or as texts that must be equal: `1.8.0 >= 061561.289`. The seconds of `wait` are real ones, also
while the time of the modules passes faster.
"""


@lru_cache(maxsize=1)
def profiles() -> tuple[ModuleProfile, MeterProfile]:
    """Return the built-in profiles, not those of the user's configuration folder."""
    with resources.as_file(resources.files("cmi_gui.resources").joinpath("profiles")) as folder:
        return load_module_profile(folder / "cmi1020.toml"), read_profile(folder / "e350.toml", MeterProfile)


def numbers() -> dict[str, str]:
    """Return the constants of the code for the braces in the sentences of the behaviour."""
    factory = ModuleSettings()
    on, period = indicators.FLASH_ON // 1000, indicators.FLASH_PERIOD // 1000
    error_on, error_period = indicators.ERROR_ON // 1000, indicators.ERROR_PERIOD // 1000
    return {
        "bus_min": f"{module.BUS_MIN_VOLTS:g}",
        "bus_safe": f"{module.BUS_SAFE_VOLTS:g}",
        "low_speed": f"{BAUD_RATES[0]}",
        "high_speed": f"{BAUD_RATES[1]}",
        "factory_speed": f"{factory.baud}",
        "factory_address": f"{factory.primary_address}",
        "factory_control": f"{factory.disconnector_control}",
        "fallback": f"{line_speed.SPEED_FALLBACK / 60:g}",
        "reply_min": f"{times.RESPONSE_MIN_BITS}",
        "reply_max": f"{times.RESPONSE_MAX_BITS}",
        "reply_extra": f"{times.RESPONSE_MAX_EXTRA * 1000:.0f}",
        "repeat": f"{slave.REPEAT_WITHIN:g}",
        "series": f"{slave.SERIES_LIFE:g}",
        "duplicate": f"{slave.DUPLICATE_WITHIN:g}",
        "version": f"{load_mapping().version:02X}",
        "device_type": f"{telegrams.DEVICE_TYPE:02X}",
        "flash": f"{on} ms on, {period - on} ms off",
        "error": f"{error_on} ms on, {error_period - error_on} ms off",
        "input_on": f"{inputs.ACTIVE_FROM:g}",
        "input_max": f"{inputs.MAX_VOLTS:g}",
        "steady": f"{inputs.STEADY_TIME:g}",
        "rate_map": ", ".join(f"{index:02b} is rate {rate}" for index, rate in enumerate(factory.rate_map)),
        "process": f"{disconnector.PROCESS_TIME:g}",
        "display_width": f"{VALUE_WIDTH}",
        "lockout": f"{profiles()[1].lockout}",
        "interval": f"{reader.DEFAULT_INTERVAL:g}",
        "retry": f"{reader.RETRY_AFTER:g}",
        "keep": f"{SAVE_INTERVAL:g}",
        "failures": f"{reader.FAILURES_TO_LOSE_CONTACT}",
    }


def behaviour() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the sections as (title, rows of mark and sentence), with the constants filled in."""
    values = numbers()
    sections = tomllib.loads(BEHAVIOUR.read_text(encoding="utf-8"))["section"]
    return [
        (section["title"], [(mark, sentence.format(**values)) for mark, sentence in section["rows"]])
        for section in sections
    ]


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def commands(profile: ModuleProfile) -> Iterator[str]:
    yield "## Commands\n"
    yield COMMANDS
    yield from table(
        ("name", "the manual's name", "kind", "bytes", "value", "readable", "basis", "source"),
        [
            (
                f"`{row.id}`",
                row.manual,
                row.kind.value,
                " or ".join(f"`{text}`" for text in row_bytes(row)),
                range_words(row),
                "never" if row.secret else "yes" if row.read else "no",
                row.basis,
                row.source,
            )
            for row in profile.command
        ],
    )
    yield from table(("name", "effect"), [(f"`{row.id}`", row.effect) for row in profile.command])


def examples(profile: ModuleProfile) -> Iterator[str]:
    yield f"## Whole telegrams to address {ADDRESS}\n"
    yield OBJECT_ACTIONS
    known = CommandTable(profile)
    rows: list[tuple[str, ...]] = []
    for row in profile.command:
        if not row.forms:
            continue
        for action, telegram in example_telegrams(known, row):
            shown = "" if action == "07" else value_words(row)
            rows.append((f"`{row.id}`", ACTION_WORDS[action], shown, f"`{telegram}`"))
    yield from table(("name", "form", "value", "telegram"), rows)


def example_telegrams(known: CommandTable, row: CommandRow) -> Iterator[tuple[str, str]]:
    """Yield object action and telegram in hex with the example value; the plain telegram first, without an action."""
    value = example_value(row)
    data = {"": known.encode(row.id, value)} if "00" in row.actions else {}
    for action in row.actions:
        shown = None if action == "07" else value
        data[action] = known.encode(row.id, shown, action=action, spelled_out=True)
    for action, records in data.items():
        yield action, Frame.long(SND_UD | FCB, ADDRESS, CI_SEND, records).to_bytes().hex(" ").upper()


def example_value(row: CommandRow) -> Value:
    """Return an example value; for a secret, one that is not a real password."""
    match row.value:
        case ValueType.INTEGER:
            return max(row.minimum, min(row.maximum, 5))
        case ValueType.MAP:
            return (1, 2, 3, 4)
        case ValueType.IDENTIFICATION:
            return "12345678"
        case ValueType.CODES:
            return "1.8.0 2.8.0"
        case ValueType.TEXT:
            return "HELLO"[: row.maximum]
    return None


def value_words(row: CommandRow) -> str:
    value = example_value(row)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def page() -> str:
    """Return the text of the page."""
    profile, meter = profiles()
    sections = behaviour()
    lines = [INTRODUCTION, *commands(profile), *examples(profile), "## Commands to the meter\n"]
    lines += [f"Everything here is an {meter.basis}; `{{}}` is the place of the value.\n"]
    lines += table(
        ("action", "command of IEC 62056-21", "password"),
        [
            ("rate", f"`{meter.set_rate}`", meter.access.rate),
            ("disconnector, open", f"`{meter.open_disconnector}`", meter.access.disconnector),
            ("disconnector, close", f"`{meter.close_disconnector}`", meter.access.disconnector),
            ("display", f"`{meter.show_text}`", meter.access.display),
            ("error register, reset", f"`{meter.reset_errors}`", "none"),
        ],
    )
    lines += ["## Behaviour\n"]
    for title, rows in sections:
        lines += [f"### {title}\n", *table(("mark", "behaviour"), list(rows))]
    lines += ["## Control lines\n"]
    lines += [CONTROL]
    lines += table(("line", "effect"), [(f"`{verb.form}`", verb.effect) for verb in LINES])
    lines += ["### Conditions\n"]
    lines += [CONDITIONS]
    lines += table(
        ("quantity", "meaning", "values"),
        [(f"`{one.name}`", one.meaning, one.form) for one in QUANTITIES.values()],
    )
    lines += ["## All assumptions\n"]
    lines += ["Commands whose bytes are assumed:", ""]
    lines += [f"- `{row.id}`: {row.source}" for row in profile.command if row.basis == "assumption"]
    lines += ["", "Decisions about behaviour:", ""]
    lines += [f"- {sentence}" for _, rows in sections for mark, sentence in rows if mark == "A"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")
