"""Questions before a command that moves a disconnector or changes settings: consequence, module, button text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.consequences import Consequences
from cmi_gui.engine.messages import Argument
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.messages import profile_text, text_of, translate

_OPEN = "0"
"""The value with which the command `disconnector` opens it; any other one closes it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the consequence of a yes, and the text of the button for it, as verb and object."""

    text: str
    button: str


def disconnector_question(*, opens: bool, module: str, meter: str) -> Question:
    """Return the question before a disconnector is moved; `meter` is empty if its number is not known."""
    question = _disconnector_words(opens=opens)
    return replace(question, text=f"{question.text}\n\n{_of(module, meter)}")


def _disconnector_words(*, opens: bool) -> Question:
    """Return the question without module and meter."""
    text = (
        translate("Questions", "Opening the disconnector cuts off the power to the installation behind the meter.")
        if opens
        else translate(
            "Questions",
            "Closing the disconnector energises the installation behind the meter. Make sure that no one is"
            " working on it.",
        )
    )
    button = (
        translate("Questions", "Open the disconnector") if opens else translate("Questions", "Close the disconnector")
    )
    return Question(text, button)


def telegram_question(found: Consequences, telegram: Argument, place: str) -> Question:
    """Return the question before a telegram with consequences is sent. `place`: the bus, or module and meter."""
    moves = [_disconnector_words(opens=opens) for opens, does in ((True, found.opens), (False, found.closes)) if does]
    sentences = [each.text for each in moves] + [text_of(other) for other in found.others]
    button = moves[0].button if len(sentences) == 1 and moves else translate("Questions", "Send the telegram")
    return Question("\n\n".join((text_of(telegram), "\n".join(sentences), place)), button)


def action_question(row: CommandRow, value: str, *, module: str, meter: str) -> Question | None:
    """Return the question before an action of a profile is done with a value; None if it needs no question.

    Moving a disconnector always needs one, whatever the profile contains.
    """
    if row.does == "disconnector":
        return disconnector_question(opens=value.strip() == _OPEN, module=module, meter=meter)
    choice = next((choice for choice in row.choices if choice.value == value), None)
    if choice is None or choice.ask is None:
        return None
    button = (
        translate("Questions", "Send {0}: {1}").format(profile_text(row.title), profile_text(choice.text))
        if choice.button is None
        else profile_text(choice.button)
    )
    return Question(f"{profile_text(choice.ask)}\n\n{_of(module, meter)}", button)


def _of(module: str, meter: str) -> str:
    if meter:
        return translate("Questions", "{0}\nMeter {1}").format(module, meter)
    words = translate("Questions", "{0}\nThe number of its meter is not known. Read the module to see it.")
    return words.format(module)


def module_and_meter(target: ModuleTarget, built_in: ModuleState, *, meter_is_real: bool) -> tuple[str, str]:
    """Return the names of a module and its meter for a question; `built_in` is the state of the built-in module."""
    if not target.built_in and not target.practice:
        return f"{target.name}, {target.where}", target.meter
    if target.practice:
        number, module, simulated = target.meter, f"{target.name}, {target.where}", True
    else:
        number, module, simulated = built_in.meter_number or "", target.name, not meter_is_real
    if number and simulated:
        number = translate("Questions", "{0}, simulated").format(number)
    return module, number
