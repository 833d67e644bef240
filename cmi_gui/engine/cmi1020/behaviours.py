"""The behaviours of the profile's commands: a row of the profile names its behaviour in `does`.

A new behaviour is a class and an entry in `BEHAVIOURS`. It uses only the module's public methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cmi_gui.engine.cmi1020.disconnector import REFUSAL_WORDS, DisconnectorRefusal, SwitchSource
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.meter_profile.display_text import check_text

if TYPE_CHECKING:
    from cmi_gui.engine.cmi1020.module import Cmi1020
    from cmi_gui.engine.cmi1020.settings import ModuleSettings


class Behaviour:
    """The behaviour of a command. It has no state, so that one object is enough for all modules.

    `takes`: the value type of a row that names it, None for any; `value` has that type. Only a text can be cleared;
    `value` is None then.
    """

    takes: ClassVar[str | None] = None

    def check_value(self, value: Any) -> None:
        """Raise ValueError for a value that no module accepts, whatever its state."""

    def check(self, module: Cmi1020, value: Any, settings: ModuleSettings, now: float, *, begun: bool) -> bool:
        """Raise ValueError if `module` could not do it with `settings`; nothing may change yet.

        Return whether it starts something that takes time; `begun`: an earlier record of the telegram starts such a
        thing.
        """
        self.check_value(value)
        return False

    def do(self, module: Cmi1020, value: Any, now: float) -> None:
        """Carry out the command, which has been checked."""
        raise NotImplementedError


class _Disconnector(Behaviour):
    takes = "integer"

    def check(self, module: Cmi1020, value: int, settings: ModuleSettings, now: float, *, begun: bool) -> bool:
        control = settings.disconnector_control
        verdict = module.control.judge_disconnector(SwitchSource.BUS, value, now, control=control)
        if begun:
            verdict = DisconnectorRefusal.BUSY
        if isinstance(verdict, DisconnectorRefusal):
            raise InvalidValue(REFUSAL_WORDS[verdict])
        return verdict is not None

    def do(self, module: Cmi1020, value: int, now: float) -> None:
        module.control.switch_disconnector(value, now)


class _Rate(Behaviour):
    takes = "integer"

    def do(self, module: Cmi1020, value: int, now: float) -> None:
        module.control.set_rate(value, now)


class _Display(Behaviour):
    takes = "text"

    def check_value(self, value: str | None) -> None:
        check_text(value or "")

    def do(self, module: Cmi1020, value: str | None, now: float) -> None:
        module.control.show_text(value or "")


class _ClearErrors(Behaviour):
    def do(self, module: Cmi1020, value: object, now: float) -> None:
        module.clear_errors()


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "disconnector": _Disconnector(),
    "rate": _Rate(),
    "display": _Display(),
    "clear_errors": _ClearErrors(),
}
"""The behaviours, by their name in a profile."""
