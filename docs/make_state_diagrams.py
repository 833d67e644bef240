"""Write docs/states.md (the state machine of the reading device) from the table that the program uses.

Usage: `python docs/make_state_diagrams.py [FILE]`
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from cmi_gui.engine.iec62056.exchange import Input, Stage
from cmi_gui.engine.iec62056.reading_transitions import TRANSITIONS

PAGE = Path(__file__).with_name("states.md")
EVERYWHERE = (Input.ABORT, Input.LOST, Input.NOT_SENT, Input.BREAK)

INTRODUCTION = """\
# The states of the reading device

<!-- Written by docs/make_state_diagrams.py; do not change it by hand. -->

How the module reads and programs its meter by IEC 62056-21 mode C. The table is
`cmi_gui/engine/iec62056/reading_transitions.py`; an input that a stage does not list changes nothing.

The diagram omits what ends an exchange in the same way in every stage: an abort, a lost link, a message that is not
sent, a meter that signs off.
"""


def arrows() -> Iterator[str]:
    """Yield the lines of the diagram: one arrow per pair of stages, labelled with its inputs."""
    for stage, rules in TRANSITIONS.items():
        labels: dict[Stage, list[str]] = {}
        for given, rule in rules.items():
            for after in rule.after if given not in EVERYWHERE else ():
                if after is not stage or len(rule.after) > 1:
                    labels.setdefault(after, []).append(given.value)
        for after, words in labels.items():
            yield f"    {stage.value} --> {after.value}: {', '.join(words)}"


def rows() -> Iterator[str]:
    """Yield the rows of the table."""
    for stage, rules in TRANSITIONS.items():
        for given, rule in rules.items():
            does = (rule.step.__doc__ or "").partition("\n")[0]
            yield f"| {stage.value} | {given.value} | {does} | {' or '.join(after.value for after in rule.after)} |"


def page() -> str:
    """Return the text of the page."""
    diagram = ["```mermaid", "stateDiagram-v2", f"    [*] --> {Stage.IDLE.value}", *arrows(), "```", ""]
    table = ["| stage | input | what is done | next |", "|---|---|---|---|", *rows()]
    return "\n".join([INTRODUCTION, *diagram, *table]) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")
