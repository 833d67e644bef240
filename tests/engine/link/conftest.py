"""Fixtures of the tests of serial ports."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform != "win32":
    from tests.helpers.serial_ports import Adapter

    @pytest.fixture
    def adapter(tmp_path: Path) -> Iterator[Adapter]:
        adapter = Adapter(tmp_path / "ttyUSB0")
        yield adapter
        if adapter.path.is_symlink():
            adapter.unplug()
