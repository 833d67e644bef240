"""The command table of the module, from the profile `cmi1020.toml`."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from cmi_gui.engine.cmi1020.behaviours import BEHAVIOURS, Behaviour
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.files.profiles import load_profile, read_profile
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.lvar import MAX_TEXT
from cmi_gui.engine.mbus.record import parse_header
from cmi_gui.engine.mbus.vib import encode_plain_vib
from cmi_gui.engine.messages import Message

Hex = Annotated[str, msgspec.Meta(pattern=r"\A([0-9A-Fa-f]{2} ?)+\Z")]
Identifier = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,31}\Z")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Basis = Literal["documented", "Elvaco convention", "EN 13757-3", "assumption"]
SecondaryPriority = Literal["module", "meter", "module only"]
ObjectAction = Literal["00", "07", "08", "09"]


class CommandKind(StrEnum):
    """The kind of a command."""

    SETTING = "setting"
    ACTION = "action"
    QUERY = "query"


class ValueType(StrEnum):
    """The type of a command's value."""

    NONE = "none"
    INTEGER = "integer"
    TEXT = "text"
    IDENTIFICATION = "identification"
    """Eight decimal digits."""
    MAP = "map"
    """Four rates, for (B, A) = 00, 01, 10, 11."""
    CODES = "codes"
    """OBIS codes separated by blanks."""


_FIELDS: dict[ValueType, frozenset[int]] = {
    ValueType.NONE: frozenset({0x00}),
    ValueType.INTEGER: frozenset({0x01, 0x02, 0x03, 0x04}),
    ValueType.TEXT: frozenset({0x0D, 0x07}),
    ValueType.IDENTIFICATION: frozenset({0x0C, 0x07}),
    ValueType.MAP: frozenset({0x04}),
    ValueType.CODES: frozenset({0x0D}),
}


_SETTING_TYPES: dict[str, ValueType] = {
    "primary_address": ValueType.INTEGER,
    "secondary_address": ValueType.IDENTIFICATION,
    "disconnector_control": ValueType.INTEGER,
    "rate_enable": ValueType.INTEGER,
    "rate_map": ValueType.MAP,
    "usage": ValueType.INTEGER,
    "selection_list": ValueType.CODES,
}
"""The module's own settings that a record can store, with their types; other names can store any type."""
_SECRET_TYPES = frozenset({ValueType.TEXT, ValueType.IDENTIFICATION})


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form in which a value is sent: `dif` with `vib`, or with the `text` of a plain-text VIF in reading order."""

    dif: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Fa-f]{2}\Z")]
    vib: Hex | None = None
    text: Annotated[str, msgspec.Meta(pattern=r"\A[ -~]{1,16}\Z")] | None = None

    def __post_init__(self) -> None:
        if (self.vib is None) is (self.text is None):
            raise ValueError("a form must have either `vib` or `text`")

    @property
    def data_field(self) -> int:
        """The DIF as a number."""
        return int(self.dif, 16)

    @property
    def vib_bytes(self) -> bytes:
        """Value information without an object action, plain text included."""
        if self.text is not None:
            return encode_plain_vib(self.text)
        return bytes.fromhex(self.vib or "")


class ProfileChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of a command's values with its meaning: `value` as a person writes it, and `text`.

    `ask`: the question before a value is sent that destroys something. `button`: the label of the button that confirms
    it, as verb and object.
    """

    value: Annotated[str, msgspec.Meta(pattern=r"\A[ -~]{0,16}\Z")]
    text: Label
    ask: str | None = None
    button: Label | None = None


class BitField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of bits with a separate meaning in an integer: `bits` bits from bit `first` (0: the lowest) on.

    `choices`: the meanings of 0, 1, 2, ..., in this order; a single bit without them is off or on.
    """

    first: Annotated[int, msgspec.Meta(ge=0, le=31)]
    bits: Annotated[int, msgspec.Meta(ge=1, le=8)]
    text: Label
    choices: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        if (self.choices or self.bits > 1) and not 2 <= len(self.choices) <= 1 << self.bits:
            raise ValueError(
                f"`choices` of {self.bits} bits must be 2 to {1 << self.bits} texts, not {len(self.choices)}"
            )

    @property
    def mask(self) -> int:
        """The mask of the bits in the integer."""
        return ((1 << self.bits) - 1) << self.first


class CommandRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One command of the profile; its keys are explained at the top of the profile file."""

    id: Identifier
    title: str
    manual: str
    kind: CommandKind
    basis: Basis
    source: str
    effect: str
    frame: Literal["short", "control", "reset", "selection"] | None = None
    bytes: str | None = None
    forms: tuple[Form, ...] = ()
    actions: tuple[ObjectAction, ...] = ()
    value: ValueType = ValueType.NONE
    minimum: int = 0
    maximum: int = 0
    store: Identifier | None = None
    does: Identifier | None = None
    secret: bool = False
    read: Literal["address", "identification", "speed", "record"] | None = None
    sent: bool = False
    group: str = ""
    unit: str = ""
    choices: tuple[ProfileChoice, ...] = ()
    fields: tuple[BitField, ...] = ()

    @property
    def name(self) -> Message:
        """The title, for use in messages."""
        return Message(self.title)

    def __post_init__(self) -> None:
        self._check_meanings()
        if (self.frame is None) is not bool(self.forms):
            raise ValueError("a command must have either `frame` with `bytes`, or `forms`")
        if self.frame == "selection" and self.kind is not CommandKind.QUERY:
            raise ValueError("a selection changes nothing in the module: its `kind` must be query")
        if self.read == "record" and (self.secret or not self.forms or self.kind is not CommandKind.SETTING):
            raise ValueError('only a setting with `forms` that is not a secret can be read as "record"')
        if self.sent and self.read != "record":
            raise ValueError('only a row with `read` = "record" can be `sent`')
        if self.frame is not None:
            if not self.bytes:
                raise ValueError("a command with `frame` must have `bytes`")
            return
        if self.minimum > self.maximum:
            raise ValueError(f"`minimum` {self.minimum} is above `maximum` {self.maximum}")
        if (self.kind is CommandKind.ACTION) is (self.does is None):
            raise ValueError("an action, and only an action, must have `does`")
        if self.does is not None:
            self._check_behaviour(self.does)
        if self.kind is CommandKind.QUERY:
            raise ValueError("a query must not have `forms`")
        if not self.actions:
            raise ValueError("a command with `forms` must have at least one object action")
        if self.secret and self.actions != ("00",):
            raise ValueError('a secret can only be written: `actions` must be ["00"]')
        if self.secret and self.value not in _SECRET_TYPES:
            raise ValueError(f"a secret must be of type text or identification, not {self.value}")
        if self.kind is CommandKind.SETTING:
            self._check_setting()
        for form in self.forms:
            self._check_form(form)

    def _check_meanings(self) -> None:
        if self.fields and (self.value is not ValueType.INTEGER or self.choices):
            raise ValueError("only an integer without `choices` can have `fields`")
        taken = 0
        for each in self.fields:
            if each.mask & taken or each.mask > self.maximum:
                raise ValueError(f"the field {each.text!r} shares bits with another, or exceeds `maximum`")
            taken |= each.mask
        if len({choice.value for choice in self.choices}) < len(self.choices):
            raise ValueError("two `choices` have the same value")
        for choice in self.choices if self.value is ValueType.INTEGER else ():
            if not choice.value.isdigit() or not self.minimum <= int(choice.value) <= self.maximum:
                raise ValueError(f"choice {choice.value!r} is not a number from {self.minimum} to {self.maximum}")

    def _check_behaviour(self, does: str) -> None:
        if self.behaviour is None:
            raise ValueError(f"`does` must be one of {', '.join(BEHAVIOURS)}, not {does}")
        takes = self.behaviour.takes
        if takes is not None and takes != self.value:
            raise ValueError(f"an action that does {does} must have a value of type {takes}, not {self.value}")
        if takes == ValueType.INTEGER and self.actions != ("00",):
            raise ValueError(f'an action that does {does} can only be written: `actions` must be ["00"]')

    def _check_setting(self) -> None:
        if self.value is ValueType.NONE:
            raise ValueError("a setting must have a value of a type other than none")
        if self.setting not in ModuleSettings.__struct_fields__:
            return
        expected = _SETTING_TYPES.get(self.setting)
        if expected is None or self.secret:
            raise ValueError(f"`{self.setting}` belongs to the module itself, so this record cannot store it")
        if expected is not self.value:
            raise ValueError(f"the module's `{self.setting}` must be of type {expected}, not {self.value}")

    def _check_form(self, form: Form) -> None:
        if form.data_field not in _FIELDS[self.value]:
            raise ValueError(f"dif {form.dif} cannot carry a value of type {self.value}")
        if self.value is ValueType.INTEGER and not 0 <= self.minimum <= self.maximum < 1 << 8 * form.data_field:
            raise ValueError(f"{self.minimum} to {self.maximum} do not fit into dif {form.dif}, which is unsigned here")
        if self.value is ValueType.MAP and not 0 <= self.minimum <= self.maximum <= 0xFF:
            raise ValueError(f"the numbers of a map must be bytes, not {self.minimum} to {self.maximum}")
        if form.data_field == 0x0D and self.maximum > MAX_TEXT:
            raise ValueError(f"dif 0D carries at most {MAX_TEXT} characters, not {self.maximum}")
        try:
            parse_header(bytes((form.data_field,)) + form.vib_bytes, from_master=True)
        except (MBusError, IndexError) as error:
            raise ValueError(f"vib {form.vib!r} is not value information: {error}") from None
        *chained, last = form.vib_bytes
        if form.vib is not None and (last & 0x80 or not all(byte & 0x80 for byte in chained)):
            raise ValueError(f"vib {form.vib!r} is not a single chain of VIF and VIFEs")

    @property
    def behaviour(self) -> Behaviour | None:
        """The behaviour of an action; None for a command that is not an action, or has no known one."""
        return BEHAVIOURS.get(self.does or "")

    @property
    def setting(self) -> str:
        """The name of the setting in which the value is stored."""
        return self.store or self.id


class ModuleProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A profile of the module: all commands, in the manual's order."""

    version: int
    name: str
    command: tuple[CommandRow, ...]
    secondary_priority: SecondaryPriority = "module"
    """The identity that answers masks and is in the header; explained in the profile file."""

    def __post_init__(self) -> None:
        seen: dict[tuple[int, bytes], str] = {}
        names: set[str] = set()
        for row in self.command:
            if row.id in names:
                raise ValueError(f"two commands have the id {row.id}")
            names.add(row.id)
            for form in row.forms:
                key = (form.data_field, form.vib_bytes)
                if key in seen and set(self.row(seen[key]).actions) & set(row.actions):
                    raise ValueError(f"{seen[key]} and {row.id} share the bytes {form.dif} {key[1].hex(' ').upper()}")
                seen[key] = row.id

    def row(self, name: str) -> CommandRow:
        """Return the command with the id `name`. Raises KeyError."""
        return {row.id: row for row in self.command}[name]


@lru_cache(maxsize=1)
def _built_in() -> ModuleProfile:
    return load_profile("cmi1020", ModuleProfile)


def load_module_profile(path: Path | None = None) -> ModuleProfile:
    """Return the profile at `path`, else the user's own, else the built-in one.

    Raises ProfileError, which names file, key and rule.
    """
    return _built_in() if path is None else read_profile(path, ModuleProfile)
