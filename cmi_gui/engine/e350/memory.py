"""The state of the simulated meter that survives the end of the program, and its file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import tomli_w

from cmi_gui.engine.e350.registers import CHANNELS, LIMIT_UNITS, MAX_RATES, UNITS_PER_WH
from cmi_gui.engine.e350.variants import Variant
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.stored_file import load_stored
from cmi_gui.engine.files.toml_file import toml_values
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.meter_profile.display_text import check_text

_HEAD: Final = (
    "# What the simulated E350 remembers. Energy: the total and rates 1 to 6 of each channel, in parts of which"
    " 3 600 000 000 are 1 Wh.\n"
)

Units = Annotated[int, msgspec.Meta(ge=0, lt=LIMIT_UNITS)]
Counter = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class MeterMemory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The stored state of a meter.

    `registers`: total and rates of each channel, exactly, in 1 / `UNITS_PER_WH` Wh, by the channel's number.
    `status`: the latched bits of C.5.0. Raises ValueError for an invalid text or an incomplete set of registers.
    """

    version: Literal[1] = 1
    rate: Annotated[int, msgspec.Meta(ge=1, le=MAX_RATES)]
    disconnector_closed: bool
    power_failures: Counter
    cover_removals: Counter
    dc_fields: Counter
    error: Annotated[int, msgspec.Meta(ge=0, le=0xFF)]
    status: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
    display_text: str
    registers: dict[str, tuple[Units, ...]]

    def __post_init__(self) -> None:
        check_text(self.display_text)
        if set(self.registers) != {str(channel) for channel in CHANNELS}:
            channels = ", ".join(map(str, CHANNELS))
            raise InvalidValue(Message("`registers` must have the channels {0}", (channels,)))
        if any(len(units) != MAX_RATES + 1 for units in self.registers.values()):
            raise InvalidValue(Message("each channel of `registers` must have a total and {0} rates", (MAX_RATES,)))

    def has_same_readings(self, other: MeterMemory | None) -> bool:
        """Return whether all energy registers, in whole Wh, are equal to those of `other`; false for None."""
        return other is not None and self._readings == other._readings

    @property
    def _readings(self) -> list[int]:
        return [units // UNITS_PER_WH for registers in self.registers.values() for units in registers]


class MemoryFile:
    """The storage of the simulated meters' memories in one state folder, with a file for each variant.

    `folder` None stores nothing. `failed` is called if a file cannot be written, in any thread.
    """

    def __init__(self, folder: Path | None, failed: Callable[[OSError], object]) -> None:
        self._folder = folder
        self._failed = failed
        self._writer: threading.Thread | None = None

    @property
    def stores(self) -> bool:
        """True if memories are stored, that is, if there is a folder."""
        return self._folder is not None

    def load(self, variant: Variant) -> tuple[MeterMemory | None, Message | None]:
        """Return the stored memory of a variant (None without a usable file), and a notice (None without a problem).

        A damaged file is renamed, which the notice reports in one sentence.
        """
        if self._folder is None:
            return None, None
        return load_stored(
            self._path(self._folder, variant), _parse, Message("the meter starts with its initial values")
        )

    def save(self, variant: Variant, memory: MeterMemory, *, wait: bool) -> bool:
        """Write the file completely or not at all; return whether writing was begun.

        Without `wait` it is written in a thread, because a disk may take longer than a master waits for its answer;
        nothing is done while an earlier write is still in progress.
        """
        if self._folder is None or (not wait and self._writer is not None and self._writer.is_alive()):
            return False
        self.close()
        path = self._path(self._folder, variant)
        content = (_HEAD + tomli_w.dumps(msgspec.to_builtins(memory))).encode("utf-8")
        if wait:
            self._write(path, content)
        else:
            self._writer = threading.Thread(target=self._write, args=(path, content), name="meter memory")
            self._writer.start()
        return True

    def close(self) -> None:
        """Wait for the end of a write in progress."""
        if self._writer is not None:
            self._writer.join()
            self._writer = None

    @staticmethod
    def _path(folder: Path, variant: Variant) -> Path:
        return folder / f"meter-{variant.name}.toml"

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_atomically(path, content)
        except OSError as error:
            self._failed(error)


def _parse(text: str) -> MeterMemory:
    return msgspec.convert(toml_values(text), MeterMemory)
