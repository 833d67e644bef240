"""The settings that the module keeps without power, except passwords, in a file written whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec
import tomli_w

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.stored_file import load_stored
from cmi_gui.engine.files.toml_file import toml_values
from cmi_gui.engine.messages import InvalidValue, Message, marked

BAUD_RATES: Final = (300, 2400)
"""bit/s (product page)."""

USAGE_FIELDS: Final = ("rate", "disconnector", "display")
"""The action of each two-bit field of `usage`, lowest bits first."""

SettingValue: TypeAlias = "int | str | tuple[int, ...] | None"
"""A setting's value; None: not set, the factory behaviour applies."""

# `\Z`, because `$` would also let a line feed at the end pass.
EIGHT_DIGITS: Final = r"\A[0-9]{8}\Z"
_PRINTABLE: Final = r"\A[ -~]*\Z"
NAME: Final = r"\A[a-z][a-z0-9_]{0,31}\Z"
SURROGATE: Final = re.compile("[\ud800-\udfff]")
_IN_WORDS: Final = {
    EIGHT_DIGITS: "of 8 decimal digits",
    _PRINTABLE: "of printable ASCII characters",
    NAME: "of a letter a-z and up to 31 of a-z, 0-9 and _",
}

EightDigits = Annotated[str, msgspec.Meta(pattern=EIGHT_DIGITS)]
Rate = Annotated[int, msgspec.Meta(ge=0, le=6)]
PrintableAscii = Annotated[str, msgspec.Meta(pattern=_PRINTABLE, max_length=190)]
ExtraName = Annotated[str, msgspec.Meta(pattern=NAME)]
# The range that every TOML reader preserves exactly (TOML 1.0, "Integer").
ExtraNumber = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
ExtraText = Annotated[str, msgspec.Meta(max_length=255)]
ExtraByte = Annotated[int, msgspec.Meta(ge=0, le=255)]
# Not a tuple of four: in a union with other limits that makes msgspec 0.22 crash at the next garbage collection.
ExtraMap: TypeAlias = tuple[ExtraByte, ...]


class ModuleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of the module; the defaults are its factory values.

    Only `with_value` and the store check types and ranges; the constructor checks the rules that types cannot
    express. Raises ValueError.
    """

    primary_address: Annotated[int, msgspec.Meta(ge=0, le=250)] = 0
    secondary_address: EightDigits | None = None
    """None means the serial number on the label."""
    baud: int = 2400
    """300 or 2400 bit/s."""
    disconnector_control: Annotated[int, msgspec.Meta(ge=0, le=3)] = 3
    """The permitted sources of switching: 0 none, 1 bus, 2 push button, 3 both (assumption, from the quick manual)."""
    rate_enable: Annotated[int, msgspec.Meta(ge=0, le=1)] = 1
    """1: the rate inputs choose the rate; 0: they do not (assumption)."""
    rate_map: tuple[Rate, Rate, Rate, Rate] = (1, 2, 3, 4)
    """The rates, 1 to 6, for inputs (B, A) = 00, 01, 10, 11 (quick manual); 0 means no change."""
    usage: Annotated[int, msgspec.Meta(ge=0, le=63)] = 0b01_01_01
    """Two bits for each of rate (0-1), disconnector (2-3) and display (4-5): 0 no password, 1 P1, 2 P2 (assumption)."""
    selection_list: PrintableAscii = ""
    """OBIS codes separated by blanks: only these are sent. Empty: all."""
    extra: dict[ExtraName, ExtraNumber | ExtraText | ExtraMap] = msgspec.field(default_factory=dict)
    """Values of the profile's commands that only store a value."""

    def __post_init__(self) -> None:
        if self.baud not in BAUD_RATES:
            raise InvalidValue(Message("`baud` must be 300 or 2400 bit/s, not {0}", (self.baud,)))
        for index, action in enumerate(USAGE_FIELDS):
            if self.usage >> 2 * index & 3 == 3:
                template = marked("`usage` for the {0} (bits {1}-{2}) must be 0 (none), 1 (P1) or 2 (P2), not 3")
                raise InvalidValue(Message(template, (action, 2 * index, 2 * index + 1)))
        for name, value in self.extra.items():
            if isinstance(value, tuple) and len(value) != 4:
                raise InvalidValue(Message("`extra.{0}` must have four rates, not {1}", (name, len(value))))
            if name in _FIELDS:
                template = marked("`extra` cannot contain `{0}`, which is a setting of the module itself")
                raise InvalidValue(Message(template, (name,)))
            if isinstance(value, str) and SURROGATE.search(value):
                raise InvalidValue(
                    Message("`extra.{0}` is not a valid text: it contains an incomplete character", (name,))
                )

    def value(self, name: str) -> SettingValue:
        """Return a setting, or a value stored by a command of the profile; None if it was never stored."""
        if name in _FIELDS:
            found: SettingValue = getattr(self, name)
            return found
        return self.extra.get(name)

    def with_value(self, name: str, value: int | str | tuple[int, ...] | list[int] | None) -> ModuleSettings:
        """Return these settings with one changed. A name that is not a field of this class is stored in `extra`.

        None resets the secondary address to the label's number, and removes a value from `extra`. Raises ValueError,
        which names setting and rule.
        """
        values: dict[str, object] = msgspec.structs.asdict(self)
        if name in _FIELDS:
            values[name] = value
        elif name == "extra":
            raise InvalidValue(Message("`extra` is not a setting itself: change the values in it by their names"))
        else:
            others = {key: old for key, old in self.extra.items() if key != name}
            values["extra"] = others if value is None else {**others, name: value}
        return _checked(values)


_FIELDS: Final = frozenset(ModuleSettings.__struct_fields__) - {"extra"}
_ERROR_TEXT: Final = re.compile(r"(?s)(?P<rule>.*) - at (?P<key>`key` in )?`\$\.?(?P<where>.*)`")


def _checked(values: dict[str, object]) -> ModuleSettings:
    """Return `values` as settings. Raises ValueError, which names setting and rule."""
    try:
        return msgspec.convert(values, ModuleSettings)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, InvalidValue):
            raise error.__cause__ from None
        message = str(error)
    for pattern, words in _IN_WORDS.items():
        message = message.replace(f"matching regex {pattern!r}", words)
    found = _ERROR_TEXT.fullmatch(message)
    if found is None:
        raise ValueError(message)
    where = found["where"].removesuffix("[...]")
    raise ValueError(f"{'a name in ' if found['key'] else ''}`{where}`: {found['rule']}")


class SettingsStore:
    """The file `module.toml` in a folder; without a folder, nothing is stored. Only one program may use the folder.

    `initial`: the settings while there is no file.
    """

    def __init__(self, folder: Path | None, initial: ModuleSettings | None = None) -> None:
        self._initial = initial or ModuleSettings()
        self.path = None if folder is None else folder / "module.toml"

    def load(self) -> tuple[ModuleSettings, Message | None]:
        """Return the settings of the file, or factory values, and a message if the file was damaged, else None.

        A damaged file is renamed.
        """
        if self.path is None:
            return self._initial, None
        settings, problem = load_stored(
            self.path, lambda text: _checked(toml_values(text)), Message("factory values are used")
        )
        return settings or (ModuleSettings() if problem else self._initial), problem

    def save(self, settings: ModuleSettings) -> None:
        """Write the file atomically: a program killed at any moment leaves either the old file or the new one, whole.

        Raises OSError with the file's name if it cannot be written.
        """
        if self.path is None:
            return
        values = {name: value for name, value in msgspec.structs.asdict(settings).items() if value not in (None, {})}
        write_atomically(self.path, tomli_w.dumps(values).encode("utf-8"))
