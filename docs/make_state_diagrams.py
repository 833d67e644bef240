"""Writes docs/states.md: the state diagrams of reading device, slave and module.

The reading device's is made from the table that the program runs. The others are tables of this file; a test drives the
real machines and fails where a transition of these tables is missing or wrong.

python docs/make_state_diagrams.py [FILE]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cmi_gui.engine.cmi1020.disconnector import PROCESS_TIME, SETTLE_TIME
from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.iec62056.exchange import Input, Stage
from cmi_gui.engine.iec62056.reading_transitions import TRANSITIONS
from cmi_gui.engine.mbus.line_speed import SPEED_FALLBACK

PAGE = Path(__file__).with_name("states.md")
IN_ALL_STAGES = (Input.ABORT, Input.LOST, Input.NOT_SENT, Input.BREAK)


class Transition(NamedTuple):
    """An event in a state, what is done, and the states that can follow."""

    state: str
    event: str
    action: str
    after: tuple[str, ...]


class Diagram(NamedTuple):
    """A state machine: the states it can begin in, its transitions, and the events that the diagram leaves out."""

    title: str
    text: str
    start: tuple[str, ...]
    transitions: Sequence[Transition]
    left_out: tuple[str, ...] = ()


READING_DEVICE = Diagram(
    "The reading device",
    """\
How the module reads and programs its meter by IEC 62056-21 mode C. The table is
`cmi_gui/engine/iec62056/reading_transitions.py`; an input that a stage does not list changes nothing.

The diagram leaves out what ends every exchange alike: an abort, a lost link, a message that is not sent, a meter that
signs off by itself.""",
    (Stage.IDLE.value,),
    [
        Transition(
            stage.value,
            given.value,
            (rule.step.__doc__ or "").partition("\n")[0],
            tuple(after.value for after in rule.after),
        )
        for stage, rules in TRANSITIONS.items()
        for given, rule in rules.items()
    ],
    tuple(given.value for given in IN_ALL_STAGES),
)

UNPOWERED, IDLE, RECEIVING, WAITING, SENDING = "unpowered", "idle", "receiving", "answer waits", "sending"
POWER_LOST = "the bus voltage is lost"
POWER_BACK = "the bus voltage is back"
FIRST_BYTE = "a telegram begins"
REQUEST = "a request to this slave is complete"
FOREIGN = "a telegram to another slave is complete"
DAMAGED = "a damaged telegram is complete"
SILENCE = "the line is silent within a telegram"
TIME_TO_ANSWER = "11 bit times have passed"
SENT = "the last bit is sent"
TOO_LATE = "the time for the answer has passed"
BREAK = "the master sends a break"
SLAVE = Diagram(
    "The slave: telegrams and answers",
    """\
The module's M-Bus side, `cmi_gui/engine/mbus/slave.py`, on a serial link. A slave can receive while an answer waits or
is sent; the state is then that of the answer. On a link without a speed (a network) a new telegram drops no answer.""",
    (IDLE,),
    [
        Transition(
            UNPOWERED, POWER_BACK, "Wait for telegrams, or for the end of one that has begun.", (IDLE, RECEIVING)
        ),
        Transition(IDLE, FIRST_BYTE, "Collect its bytes.", (RECEIVING,)),
        *(Transition(state, REQUEST, "Judge it and prepare the answer.", (WAITING,)) for state in (IDLE, RECEIVING)),
        Transition(RECEIVING, FOREIGN, "Record it.", (IDLE,)),
        Transition(RECEIVING, DAMAGED, "Record the damage.", (IDLE,)),
        Transition(RECEIVING, SILENCE, "Record the damage: a telegram has no pause of 33 bit times.", (IDLE,)),
        Transition(RECEIVING, BREAK, "Record the damage.", (IDLE,)),
        Transition(WAITING, TIME_TO_ANSWER, "The link sends the first bit.", (SENDING,)),
        Transition(WAITING, TOO_LATE, "Withhold the answer and report that.", (IDLE, RECEIVING)),
        Transition(
            WAITING, REQUEST, "Drop the answer, because the master no longer waits; prepare another.", (WAITING,)
        ),
        Transition(WAITING, FOREIGN, "Drop the answer, because the master no longer waits for it.", (IDLE,)),
        Transition(WAITING, BREAK, "Drop the answer.", (IDLE,)),
        Transition(SENDING, SENT, "Wait for telegrams, or for the end of one that has begun.", (IDLE, RECEIVING)),
        Transition(SENDING, REQUEST, "Treat the answer as delivered; prepare another.", (WAITING,)),
        Transition(SENDING, FOREIGN, "Treat the answer as delivered.", (IDLE,)),
        Transition(SENDING, BREAK, "Stop sending.", (IDLE,)),
        *(
            Transition(state, POWER_LOST, "Stop sending; forget selection, frame count bits and answer.", (UNPOWERED,))
            for state in (IDLE, RECEIVING, WAITING, SENDING)
        ),
    ],
    (POWER_LOST,),
)

SETTING, NAMED, SEARCHING, FOUND, COMMANDED = "setting", "named", "searching", "found", "commanded"
SPEED_COMMAND = "a command to change the speed"
ACK_ABORTED = "a break ends the acknowledgement"
TELEGRAM_TO_SLAVE = "a telegram to this slave"
TELEGRAM_TO_OTHER = "a telegram to another slave"
UNREADABLE = "damaged telegrams only"
UNUSED = f"{SPEED_FALLBACK:g} s without a telegram to this slave"
SET_ELSEWHERE = "the module's speed is changed on another link"
SPEED = Diagram(
    "The slave: the speed of a link",
    """\
`cmi_gui/engine/mbus/line_speed.py`. A link is at the module's setting, or at the speed that its LINK names, or with
`baud=auto` it searches for the speed; it begins in one of these three states. A commanded speed waits for its
first use.""",
    (SETTING, NAMED, SEARCHING),
    [
        *(
            Transition(state, SPEED_COMMAND, "Go on at the new speed after the acknowledgement.", (COMMANDED,))
            for state in (SETTING, NAMED, FOUND)
        ),
        Transition(
            SEARCHING,
            SPEED_COMMAND,
            "The speed is found; go on at the new one after the acknowledgement.",
            (COMMANDED,),
        ),
        Transition(
            COMMANDED, TELEGRAM_TO_SLAVE, "Store the speed as the module's setting, which the link uses.", (SETTING,)
        ),
        Transition(COMMANDED, ACK_ABORTED, "Return to the former speed.", (SETTING, NAMED, FOUND)),
        Transition(COMMANDED, UNUSED, "Return to the former speed.", (SETTING, NAMED, FOUND)),
        Transition(
            COMMANDED,
            SET_ELSEWHERE,
            "Drop the command; a link with a speed of its own goes on waiting.",
            (SETTING, COMMANDED),
        ),
        Transition(
            COMMANDED, POWER_LOST, "Drop the command; with `baud=auto` search again.", (SETTING, NAMED, SEARCHING)
        ),
        *(
            Transition(SEARCHING, event, "Stay at this speed.", (FOUND,))
            for event in (TELEGRAM_TO_SLAVE, TELEGRAM_TO_OTHER)
        ),
        Transition(FOUND, UNREADABLE, "Search at the next speed.", (SEARCHING,)),
        Transition(FOUND, POWER_LOST, "Search again, beginning at this speed.", (SEARCHING,)),
        Transition(
            SETTING, POWER_LOST, "With `baud=auto` search again, beginning at this speed.", (SEARCHING, SETTING)
        ),
    ],
)

NO_BUS, NO_METER, NO_NUMBER, RATE_ERROR, NORMAL = (
    condition.value
    for condition in (
        Condition.NO_BUS,
        Condition.NO_METER,
        Condition.NO_METER_NUMBER,
        Condition.RATE_ERROR,
        Condition.NORMAL,
    )
)
POWERED = "a bus voltage of 21 V or more"
NOT_POWERED = "a bus voltage below 21 V"
READ = "a readout with the meter's number"
READ_WITHOUT_NUMBER = "a readout without C.1 and C.1.0"
THIRD_FAILURE = "the third failed readout in a row"
RATE_FAILED = "a change of rate is refused or not enabled"
RATE_SET = "the meter accepts a rate"
CONDITIONS = Diagram(
    "The module: the conditions that its LEDs show",
    """\
`cmi_gui/engine/cmi1020/indicators.py`; the first condition that applies is shown. So a rate error is stored while the
meter or its number is missing, and shown again afterwards.""",
    (NO_BUS,),
    [
        Transition(NO_BUS, POWERED, "Red flashes, and the meter is read.", (NO_METER,)),
        *(
            Transition(state, READ, "Green flashes; with a rate error red blinks.", (NORMAL, RATE_ERROR))
            for state in (NO_METER, NO_NUMBER)
        ),
        *(
            Transition(state, READ_WITHOUT_NUMBER, "Red is steady, green flashes.", (NO_NUMBER,))
            for state in (NO_METER, NORMAL, RATE_ERROR)
        ),
        *(Transition(state, THIRD_FAILURE, "Red flashes.", (NO_METER,)) for state in (NO_NUMBER, NORMAL, RATE_ERROR)),
        Transition(NORMAL, RATE_FAILED, "Red blinks, green flashes.", (RATE_ERROR,)),
        Transition(RATE_ERROR, RATE_SET, "Green flashes.", (NORMAL,)),
        *(
            Transition(state, NOT_POWERED, "Both LEDs are dark; contact and rate error are cleared.", (NO_BUS,))
            for state in (NO_METER, NO_NUMBER, NORMAL, RATE_ERROR)
        ),
    ],
    (NOT_POWERED,),
)

AT_REST, SWITCHING, READING = "at rest", "switching", "waiting for the readout"
SWITCH = "the push button is pressed or a master switches"
REFUSED = "the meter refuses the command"
PROCESS_OVER = f"{PROCESS_TIME:g} s have passed"
READOUT_ENDS = "a readout ends"
PAUSED = "reading is paused"
METER_CHANGED = "another meter is wired"
DISCONNECTOR = Diagram(
    "The module: switching the disconnector",
    f"""\
`cmi_gui/engine/cmi1020/disconnector.py`, driven by `control.py`. The {PROCESS_TIME:g} s count from the
request; they end no earlier than {SETTLE_TIME:g} s after the meter has accepted the command. A request is refused while
the setting does not allow it, while the disconnector moves or its state is unknown, and while the meter refuses
everything.""",
    (AT_REST,),
    [
        Transition(AT_REST, SWITCH, "Queue the command to the meter.", (SWITCHING,)),
        Transition(SWITCHING, REFUSED, "Report it.", (AT_REST,)),
        Transition(
            SWITCHING,
            PROCESS_OVER,
            "Read the meter; give up if the command was never sent or reading is paused; wait while it is being sent.",
            (READING, AT_REST, SWITCHING),
        ),
        Transition(
            READING,
            READOUT_ENDS,
            "Compare the state with the wanted one; if the readout began before the 10 s had passed, read again.",
            (AT_REST, READING),
        ),
        Transition(READING, THIRD_FAILURE, "Report that the result is unknown.", (AT_REST,)),
        Transition(READING, PAUSED, "Report that the result is unknown.", (AT_REST,)),
        *(
            Transition(state, event, "Forget the operation.", (AT_REST,))
            for state in (SWITCHING, READING)
            for event in (METER_CHANGED, POWER_LOST)
        ),
    ],
)

DIAGRAMS = (READING_DEVICE, SLAVE, SPEED, CONDITIONS, DISCONNECTOR)

INTRODUCTION = """\
# State diagrams

<!-- Written by docs/make_state_diagrams.py; do not change it by hand. -->

An event that a state does not list leaves the state as it is.
"""


def _id(state: str) -> str:
    return state.replace(" ", "_")


def arrows(diagram: Diagram) -> Iterator[str]:
    """Yield the lines of a diagram: one arrow per pair of states, with all events that lead along it."""
    names = dict.fromkeys((*diagram.start, *(row.state for row in diagram.transitions)))
    for name in names:
        if " " in name:
            yield f'    state "{name}" as {_id(name)}'
    for name in diagram.start:
        yield f"    [*] --> {_id(name)}"
    labels: dict[tuple[str, str], list[str]] = {}
    for state, event, _, afters in diagram.transitions:
        for after in afters if event not in diagram.left_out else ():
            if after != state or len(afters) > 1 or diagram is not READING_DEVICE:
                labels.setdefault((state, after), []).append(event)
    for (state, after), events in labels.items():
        yield f"    {_id(state)} --> {_id(after)}: {', '.join(events)}"


def section(diagram: Diagram) -> Iterator[str]:
    """Yield the lines of a section: text, diagram and table."""
    yield from (f"## {diagram.title}", "", diagram.text, "")
    if diagram.left_out and diagram is not READING_DEVICE:
        yield from (f"The diagram leaves out the arrows for: {', '.join(diagram.left_out)}.", "")
    yield from ("```mermaid", "stateDiagram-v2", *arrows(diagram), "```", "")
    yield from ("| state | event | what is done | next |", "|---|---|---|---|")
    for state, event, action, after in diagram.transitions:
        yield f"| {state} | {event} | {action} | {' or '.join(after)} |"


def page() -> str:
    """Return the whole page."""
    sections = (line for diagram in DIAGRAMS for line in ("", *section(diagram)))
    return INTRODUCTION + "\n".join(sections) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")
