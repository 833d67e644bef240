"""The state machine of a reading device as a table: stage x input -> step and next stage.

An input that a stage does not list changes nothing: the device's own message that an optical head sends back, for
example. A step with several next stages chooses one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cmi_gui.engine.iec62056.exchange import Input, Stage
from cmi_gui.engine.iec62056.reading_steps import Steps

Step = Callable[[Steps, float, Any], Stage]
"""Takes the time and what came, whose type depends on the input."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A step and the stages it may lead to."""

    step: Step
    after: tuple[Stage, ...]


def _rule(step: Step, *after: Stage) -> Rule:
    return Rule(step, after)


_LOST: Final = {Input.LOST: _rule(Steps.lost, Stage.IDLE)}
_ABORTED: Final = {Input.ABORT: _rule(Steps.abort, Stage.ENDING), **_LOST}
_ACTIVE: Final = {
    Input.BREAK: _rule(Steps.broken_off, Stage.ENDING),
    Input.NOT_SENT: _rule(Steps.not_sent, Stage.ENDING),
    **_ABORTED,
}
_SIGNING_ON: Final = {
    Input.NAK: _rule(Steps.refused, Stage.ENDING),
    Input.DAMAGED: _rule(Steps.sign_on_again, Stage.ENDING),
    Input.TIMEOUT: _rule(Steps.sign_on_again, Stage.ENDING),
    **_ACTIVE,
}


def _asking(stage: Stage) -> dict[Input, Rule]:
    again = _rule(Steps.ask_again, stage, Stage.ENDING)
    return {Input.NOISE: _rule(Steps.noise, stage), Input.DAMAGED: again, Input.TIMEOUT: again}


TRANSITIONS: Final[Mapping[Stage, Mapping[Input, Rule]]] = {
    Stage.IDLE: {Input.START: _rule(Steps.begin, Stage.PAUSE)},
    Stage.PAUSE: {
        Input.QUIET: _rule(Steps.sign_on, Stage.IDENTIFICATION),
        Input.UNQUIET: _rule(Steps.never_quiet, Stage.IDLE),
        **_ABORTED,
    },
    Stage.IDENTIFICATION: {
        Input.IDENTIFICATION: _rule(Steps.identified, Stage.READOUT, Stage.OPERAND, Stage.ENDING),
        Input.DATA: _rule(Steps.unasked, Stage.IDENTIFICATION),
        Input.NOISE: _rule(Steps.noise, Stage.IDENTIFICATION),
        **_SIGNING_ON,
    },
    Stage.READOUT: {
        Input.LINE: _rule(Steps.line_read, Stage.READOUT),
        Input.DATA: _rule(Steps.read, Stage.ENDING),
        Input.NOISE: _rule(Steps.noise, Stage.READOUT),
        **_SIGNING_ON,
    },
    Stage.OPERAND: {
        Input.OPERAND: _rule(Steps.asked_for_password, Stage.PASSWORD, Stage.READY),
        Input.DATA: _rule(Steps.readout_instead, Stage.ENDING),
        Input.NAK: _rule(Steps.refused, Stage.ENDING),
        **_asking(Stage.OPERAND),
        **_ACTIVE,
    },
    Stage.PASSWORD: {
        Input.ACK: _rule(Steps.password_accepted, Stage.READY),
        Input.DATA: _rule(Steps.password_denied, Stage.ENDING),
        Input.NAK: _rule(Steps.password_unheard, Stage.ENDING),
        **_asking(Stage.PASSWORD),
        **_ACTIVE,
        Input.BREAK: _rule(Steps.password_broken_off, Stage.ENDING),
    },
    Stage.READY: {
        Input.COMMAND: _rule(Steps.command, Stage.REPLY),
        Input.SIGN_OFF: _rule(Steps.sign_off, Stage.ENDING),
        Input.DATA: _rule(Steps.unasked, Stage.READY),
        **_ACTIVE,
    },
    Stage.REPLY: {
        Input.ACK: _rule(Steps.acknowledged, Stage.READY, Stage.REPLY, Stage.ENDING),
        Input.DATA: _rule(Steps.reply, Stage.READY, Stage.REPLY),
        Input.NAK: _rule(Steps.repeat_asked_for, Stage.REPLY, Stage.ENDING),
        **_asking(Stage.REPLY),
        **_ACTIVE,
    },
    Stage.ENDING: {Input.LAST_SENT: _rule(Steps.over, Stage.IDLE, Stage.PAUSE), **_LOST},
}
