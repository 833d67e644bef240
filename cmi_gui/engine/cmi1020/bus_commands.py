"""What a SND_UD with CI 51 does: checked as a whole, then done as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmi_gui.engine.cmi1020.commands import Command, CommandInvalid, CommandTable, split_codes
from cmi_gui.engine.cmi1020.control import MeterControl
from cmi_gui.engine.cmi1020.disconnector import REFUSAL_WORDS, DisconnectorRefusal, Source
from cmi_gui.engine.cmi1020.memory import Memory
from cmi_gui.engine.cmi1020.profile import ModuleProfile, ValueType
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.display_text import check_text


class BusCommands:
    """Commands by the profile. `clear_errors` forgets what the module has latched."""

    def __init__(
        self, profile: ModuleProfile, memory: Memory, control: MeterControl, clear_errors: Callable[[], None]
    ) -> None:
        self.table = CommandTable(profile)
        self._memory = memory
        self._control = control
        self._clear_errors = clear_errors

    @property
    def secrets(self) -> list[str]:
        """The settings that are passwords."""
        return [row.setting for row in self.table.profile.command if row.secret]

    def carry_out(self, data: bytes, now: float) -> None:
        """Do what the records say, settings first; nothing if one of them is not known.

        Raises CommandInvalid (a ValueError) before anything is done where one of them cannot be done.
        """
        settings = self._memory.settings
        secrets: dict[str, Secret] = {}
        doing: list[Command] = []
        for command in self.table.read(data) or ():
            row = command.row
            if row.does is not None:
                doing.append(command)
            elif row.secret:
                secrets[row.setting] = checked_secret(row.name, command.value)
            else:
                settings = _with_setting(settings, command)
        self._check_actions(doing, settings, now)
        # Nothing can be refused from here on.
        self._memory.change(settings, self._control, now)
        for name, secret in secrets.items():
            self._memory.change_secret(name, secret, self._control, now)
        for command in doing:
            self._do(command, now)

    def _check_actions(self, commands: Sequence[Command], settings: ModuleSettings, now: float) -> None:
        """Whether all can be done once the telegram's own `settings` hold. Raises CommandInvalid."""
        switching = False
        for command in commands:
            if command.row.does == "disconnector":
                verdict = self._control.judge_disconnector(
                    Source.BUS, int(str(command.value)), now, control=settings.disconnector_control
                )
                if switching:
                    verdict = DisconnectorRefusal.BUSY
                if isinstance(verdict, DisconnectorRefusal):
                    raise CommandInvalid(REFUSAL_WORDS[verdict])
                switching = verdict is not None
            elif command.row.does == "display" and command.action == "00":
                check_text(str(command.value))

    def _do(self, command: Command, now: float) -> None:
        match command.row.does, command.value:
            case "disconnector", int(wish):
                self._control.switch_disconnector(Source.BUS, wish, now)
            case "rate", int(rate):
                self._control.set_rate(rate, now)
            case "display", text:
                self._control.show_text(str(text or ""))
            case "clear_errors", _:
                self._clear_errors()


def _with_setting(settings: ModuleSettings, command: Command) -> ModuleSettings:
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
    """A password that IEC 62056-21 can carry. Raises CommandInvalid that does not show it."""
    if not isinstance(value, str):
        raise CommandInvalid(Message("{0} is a text", (title,)))
    if any(char in "()*/!" for char in value):
        raise CommandInvalid(Message("{0} cannot have one of ( ) * / ! (IEC 62056-21 6.5)", (title,)))
    return Secret(value)
