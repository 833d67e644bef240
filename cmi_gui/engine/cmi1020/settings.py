"""Settings that survive: one file, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import tomli_w

__all__ = ["BAUD_RATES", "Loaded", "ModuleSettings", "SettingsStore"]

BAUD_RATES = (300, 2400)
"""bit/s (product page)."""

EightDigits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{8}$")]


class ModuleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the module remembers without power. Defaults are factory values.

    `secondary_address`: eight digits; None stands for the serial number on the label.
    """

    primary_address: Annotated[int, msgspec.Meta(ge=0, le=250)] = 0
    secondary_address: EightDigits | None = None
    baud: int = 2400

    def __post_init__(self) -> None:
        if self.baud not in BAUD_RATES:
            raise ValueError(f"`baud` is 300 or 2400 bit/s, not {self.baud}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as loaded. `problem`: why they are factory values although a file was there, in one sentence."""

    settings: ModuleSettings
    problem: str | None = None


class SettingsStore:
    """The file `module.toml` in a folder; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.path = None if folder is None else folder / "module.toml"

    def load(self) -> Loaded:
        """The settings of the file, or factory values. A damaged file is kept aside under another name."""
        if self.path is None:
            return Loaded(ModuleSettings())
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Loaded(ModuleSettings())
        except (OSError, UnicodeDecodeError) as error:
            return Loaded(ModuleSettings(), self._keep_aside(str(error)))
        try:
            return Loaded(msgspec.convert(tomllib.loads(text), ModuleSettings))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            return Loaded(ModuleSettings(), self._keep_aside(str(error)))

    def _keep_aside(self, reason: str) -> str:
        assert self.path is not None
        aside = self.path.with_name(f"{self.path.stem}-damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.toml")
        try:
            self.path.replace(aside)
        except OSError as error:
            return f"{self.path} cannot be read ({reason}) nor kept aside ({error}): factory values are used"
        return f"{self.path.name} is damaged ({reason}): kept as {aside}, factory values are used"

    def save(self, settings: ModuleSettings) -> None:
        """Write the file atomically: after a kill at any instant it is the old one or the new one, whole.

        Raises OSError with the file's name if the folder cannot be written.
        """
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        values = {name: value for name, value in msgspec.structs.asdict(settings).items() if value is not None}
        handle, name = tempfile.mkstemp(prefix=".module-", suffix=".toml", dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                tomli_w.dump(values, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        _sync_folder(self.path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable where folders can be synced (POSIX)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
