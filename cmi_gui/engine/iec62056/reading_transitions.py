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


_LOST: Final = {Input.LOST: Rule(Steps.link_lost, Stage.IDLE)}
_ABORTED: Final = {Input.ABORT: Rule(Steps.abort, Stage.ENDING), **_LOST}
_ACTIVE: Final = {
    Input.BREAK: Rule(Steps.device_signed_off, Stage.ENDING),
    Input.NOT_SENT: Rule(Steps.not_sent, Stage.ENDING),
    **_ABORTED,
}


def _ignored_while(stage: Stage) -> dict[Input, Rule]:
    return {
        Input.NOISE: Rule(Steps.noise, stage),
        Input.ACK: Rule(Steps.stray_ack, stage),
        Input.NAK: Rule(Steps.stray_nak, stage),
    }


def _awaiting_answer(stage: Stage) -> dict[Input, Rule]:
    again = Rule(Steps.request_repeat, stage, Stage.ENDING)
    return {**_ignored_while(stage), Input.DAMAGED: again, Input.TIMEOUT: again, **_ACTIVE}


TRANSITIONS: Final[Mapping[Stage, Mapping[Input, Rule]]] = {
    Stage.IDLE: {Input.START: Rule(Steps.begin, Stage.PAUSE)},
    Stage.PAUSE: {
        Input.QUIET: Rule(Steps.sign_on, Stage.IDENTIFICATION),
        Input.NOT_QUIET: Rule(Steps.line_not_quiet, Stage.IDLE),
        **_ABORTED,
    },
    Stage.IDENTIFICATION: {
        Input.IDENTIFICATION: Rule(Steps.identified, Stage.READOUT, Stage.OPERAND, Stage.ENDING),
        **_ignored_while(Stage.IDENTIFICATION),
        Input.DAMAGED: Rule(Steps.noise, Stage.IDENTIFICATION),
        Input.TIMEOUT: Rule(Steps.sign_on_again, Stage.ENDING),
        Input.NOT_SENT: Rule(Steps.not_sent, Stage.ENDING),
        **_ABORTED,
    },
    Stage.READOUT: {
        Input.DATA: Rule(Steps.read, Stage.ENDING),
        **_ignored_while(Stage.READOUT),
        Input.DAMAGED: Rule(Steps.sign_on_again, Stage.ENDING),
        Input.TIMEOUT: Rule(Steps.sign_on_again, Stage.ENDING),
        **_ACTIVE,
    },
    Stage.OPERAND: {
        Input.OPERAND: Rule(Steps.password_requested, Stage.PASSWORD, Stage.READY),
        Input.DATA: Rule(Steps.readout_instead, Stage.ENDING),
        **_awaiting_answer(Stage.OPERAND),
    },
    Stage.PASSWORD: {
        Input.DATA: Rule(Steps.data_after_password, Stage.ENDING),
        **_awaiting_answer(Stage.PASSWORD),
        Input.ACK: Rule(Steps.password_accepted, Stage.READY),
        Input.NAK: Rule(Steps.nak_after_password, Stage.ENDING),
        Input.BREAK: Rule(Steps.break_after_password, Stage.ENDING),
    },
    Stage.READY: {
        Input.COMMAND: Rule(Steps.command, Stage.REPLY),
        Input.SIGN_OFF: Rule(Steps.sign_off, Stage.ENDING),
        **_ACTIVE,
    },
    Stage.REPLY: {
        Input.DATA: Rule(Steps.reply, Stage.READY, Stage.REPLY),
        **_awaiting_answer(Stage.REPLY),
        Input.ACK: Rule(Steps.acknowledged, Stage.READY, Stage.REPLY, Stage.ENDING),
        Input.NAK: Rule(Steps.repeat_requested, Stage.REPLY, Stage.ENDING),
    },
    Stage.ENDING: {Input.LAST_SENT: Rule(Steps.exchange_ended, Stage.IDLE, Stage.PAUSE), **_LOST},
}
