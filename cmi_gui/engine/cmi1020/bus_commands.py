"""The commands of a SND_UD with CI 51, checked as a whole, then carried out as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmi_gui.engine.cmi1020.behaviours import Behaviour
from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandRecord, CommandTable, Value, not_a_text, split_codes
from cmi_gui.engine.cmi1020.memory import Memory
from cmi_gui.engine.cmi1020.profile import ModuleProfile, ValueType
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.messages import Message

if TYPE_CHECKING:
    from cmi_gui.engine.cmi1020.module import Cmi1020


class BusCommands:
    """The commands of a profile, carried out by `module`."""

    def __init__(self, profile: ModuleProfile, memory: Memory, module: Cmi1020) -> None:
        self.table = CommandTable(profile)
        self._memory = memory
        self._module = module

    @property
    def secrets(self) -> list[str]:
        """The names of the settings that are passwords."""
        return [row.setting for row in self.table.profile.command if row.secret]

    def carry_out(self, data: bytes, now: float) -> None:
        """Carry out the records, settings first; do nothing if one of them is unknown.

        Raises ValueError, before anything is done, if one of them cannot be carried out.
        """
        settings = self._memory.settings
        secrets: dict[str, Secret] = {}
        doing: list[tuple[Behaviour, Value]] = []
        for command in self.table.read(data) or ():
            row = command.row
            if row.behaviour is not None:
                doing.append((row.behaviour, command.value))
            elif row.secret:
                secrets[row.setting] = checked_secret(row.name, command.value)
            else:
                settings = _with_setting(settings, command)
        begun: set[Behaviour] = set()
        for behaviour, value in doing:
            if behaviour.check(self._module, value, settings, now, begun=behaviour in begun):
                begun.add(behaviour)
        # From here on nothing can be refused.
        self._memory.change(settings, self._module.control, now)
        for name, secret in secrets.items():
            self._memory.change_secret(name, secret, self._module.control, now)
        for behaviour, value in doing:
            behaviour.do(self._module, value, now)


def _with_setting(settings: ModuleSettings, command: CommandRecord) -> ModuleSettings:
    value = command.value
    if command.row.value is ValueType.CODES:
        codes = list(split_codes(str(value or "")))
        present = str(settings.value(command.row.setting) or "").split()
        match command.action:
            case "08":
                codes = present + [code for code in codes if code not in present]
            case "09":
                codes = [code for code in present if code not in codes]
            case "07":
                codes = []
        value = " ".join(codes)
    return settings.with_value(command.row.setting, value)


def checked_secret(title: Message, value: object) -> Secret:
    """Return a password that IEC 62056-21 can carry. Raises CommandInvalid, which does not show it."""
    if not isinstance(value, str):
        raise not_a_text(title)
    if any(char in "()*/!" for char in value):
        raise CommandInvalid(Message("{0} must not contain any of ( ) * / ! (IEC 62056-21, 6.5)", (title,)))
    return Secret(value)
