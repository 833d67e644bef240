"""The commands that the E350 accepts (profile `e350.toml`), for the module and the simulated meter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from cmi_gui.engine.files.profiles import load_profile, read_profile
from cmi_gui.engine.iec62056.tariff_device import TariffRules
from cmi_gui.engine.meter_profile.commands import CommandPattern

Access = Literal["none", "P1", "P2"]
PasswordText = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"\A[ -'*-.0-~]+\Z")]
ErrorText = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"\A[ -'+-.0-~]+\Z")]


class _Access(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rate: Access
    disconnector: Access
    display: Access


class _Passwords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    p1: PasswordText
    p2: PasswordText

    def __repr__(self) -> str:
        return "_Passwords(**)"


class _Errors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unknown: ErrorText
    refused: ErrorText
    denied: ErrorText


@dataclass(frozen=True, slots=True)
class MeterCommands:
    """The commands, their required access, the passwords and the error texts. All of it is an assumption.

    `access`: the password that must have been accepted before each command. `errors`: `refused` is for what the meter
    cannot do (no such rate, no disconnector, a text it cannot show), `denied` for a missing password.
    """

    set_rate: CommandPattern
    open_disconnector: CommandPattern
    close_disconnector: CommandPattern
    show_text: CommandPattern
    reset_errors: CommandPattern
    access: _Access
    passwords: _Passwords
    errors: _Errors


class MeterProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A profile of the meter; its keys are explained in the profile file. `lockout`: 0 to 255 seconds."""

    version: int
    name: str
    basis: str
    set_rate: str
    open_disconnector: str
    close_disconnector: str
    show_text: str
    reset_errors: str
    p2_algorithm: Literal["plain"]
    lockout: Annotated[int, msgspec.Meta(ge=0, le=255)]
    access: _Access
    passwords: _Passwords
    errors: _Errors

    def __post_init__(self) -> None:
        for key, pattern in self._patterns().items():
            needs_value = key in ("set_rate", "show_text")
            if pattern.has_value is not needs_value:
                raise ValueError(f"`{key}` must {'' if needs_value else 'not '}contain {{}}, the place of a value")

    def _patterns(self) -> dict[str, CommandPattern]:
        keys = ("set_rate", "open_disconnector", "close_disconnector", "show_text", "reset_errors")
        return {key: CommandPattern.parse(getattr(self, key)) for key in keys}

    def commands(self) -> MeterCommands:
        """Return the patterns, ready to build and to match."""
        return MeterCommands(**self._patterns(), access=self.access, passwords=self.passwords, errors=self.errors)

    def rules(self) -> TariffRules:
        """Return the IEC 62056-21 rules of the simulated meter: no fall-back readout, and the lock-out."""
        return TariffRules(fallback_readout=False, lock_out=float(self.lockout))


@lru_cache(maxsize=1)
def _built_in() -> MeterProfile:
    return load_profile("e350", MeterProfile)


def load_meter_profile(path: Path | None = None) -> MeterProfile:
    """Return the profile at `path`, else the user's own, else the built-in one. Raises ProfileError."""
    return _built_in() if path is None else read_profile(path, MeterProfile)
