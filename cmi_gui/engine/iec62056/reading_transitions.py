"""The state machine of a reading device as a table: stage x input -> step and next stage.

An input that is not listed for a stage is ignored, for example the echo of our own message from an optical head. A
step with several next stages chooses one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cmi_gui.engine.iec62056.exchange import Input, Stage
from cmi_gui.engine.iec62056.reading_steps import Steps

Step = Callable[[Steps, float, Any], Stage]
"""A function of the state, the time and the input's data, whose type depends on the input."""


class Rule:
    """A step and the stages to which it may lead."""

    def __init__(self, step: Step, *after: Stage) -> None:
        self.step = step
        self.after = after


_LOST: Final = {Input.LOST: Rule(Steps.lost, Stage.IDLE)}
_ABORTED: Final = {Input.ABORT: Rule(Steps.abort, Stage.ENDING), **_LOST}
_ACTIVE: Final = {
    Input.BREAK: Rule(Steps.broken_off, Stage.ENDING),
    Input.NOT_SENT: Rule(Steps.not_sent, Stage.ENDING),
    **_ABORTED,
}


def _passing_over(stage: Stage) -> dict[Input, Rule]:
    return {
        Input.NOISE: Rule(Steps.noise, stage),
        Input.ACK: Rule(Steps.stray_ack, stage),
        Input.NAK: Rule(Steps.stray_nak, stage),
    }


def _asking(stage: Stage) -> dict[Input, Rule]:
    again = Rule(Steps.ask_again, stage, Stage.ENDING)
    return {**_passing_over(stage), Input.DAMAGED: again, Input.TIMEOUT: again, **_ACTIVE}


TRANSITIONS: Final[Mapping[Stage, Mapping[Input, Rule]]] = {
    Stage.IDLE: {Input.START: Rule(Steps.begin, Stage.PAUSE)},
    Stage.PAUSE: {
        Input.QUIET: Rule(Steps.sign_on, Stage.IDENTIFICATION),
        Input.NOT_QUIET: Rule(Steps.never_quiet, Stage.IDLE),
        **_ABORTED,
    },
    Stage.IDENTIFICATION: {
        Input.IDENTIFICATION: Rule(Steps.identified, Stage.READOUT, Stage.OPERAND, Stage.ENDING),
        **_passing_over(Stage.IDENTIFICATION),
        Input.DAMAGED: Rule(Steps.noise, Stage.IDENTIFICATION),
        Input.TIMEOUT: Rule(Steps.sign_on_again, Stage.ENDING),
        Input.NOT_SENT: Rule(Steps.not_sent, Stage.ENDING),
        **_ABORTED,
    },
    Stage.READOUT: {
        Input.LINE: Rule(Steps.line_read, Stage.READOUT),
        Input.DATA: Rule(Steps.read, Stage.ENDING),
        **_passing_over(Stage.READOUT),
        Input.DAMAGED: Rule(Steps.sign_on_again, Stage.ENDING),
        Input.TIMEOUT: Rule(Steps.sign_on_again, Stage.ENDING),
        **_ACTIVE,
    },
    Stage.OPERAND: {
        Input.OPERAND: Rule(Steps.asked_for_password, Stage.PASSWORD, Stage.READY),
        Input.DATA: Rule(Steps.readout_instead, Stage.ENDING),
        **_asking(Stage.OPERAND),
    },
    Stage.PASSWORD: {
        Input.DATA: Rule(Steps.password_denied, Stage.ENDING),
        **_asking(Stage.PASSWORD),
        Input.ACK: Rule(Steps.password_accepted, Stage.READY),
        Input.NAK: Rule(Steps.password_unanswered, Stage.ENDING),
        Input.BREAK: Rule(Steps.password_broken_off, Stage.ENDING),
    },
    Stage.READY: {
        Input.COMMAND: Rule(Steps.command, Stage.REPLY),
        Input.SIGN_OFF: Rule(Steps.sign_off, Stage.ENDING),
        **_ACTIVE,
    },
    Stage.REPLY: {
        Input.DATA: Rule(Steps.reply, Stage.READY, Stage.REPLY),
        **_asking(Stage.REPLY),
        Input.ACK: Rule(Steps.acknowledged, Stage.READY, Stage.REPLY, Stage.ENDING),
        Input.NAK: Rule(Steps.repeat_asked_for, Stage.REPLY, Stage.ENDING),
    },
    Stage.ENDING: {Input.LAST_SENT: Rule(Steps.over, Stage.IDLE, Stage.PAUSE), **_LOST},
}
