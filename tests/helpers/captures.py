"""Captures read whole."""

from __future__ import annotations

from pathlib import Path

from cmi_gui.engine.traffic.capture_reading import Capture, CaptureReader
from cmi_gui.engine.traffic.masking import MbusMask


def read_capture(path: Path, mask: MbusMask, *, max_bytes: int | None = None) -> Capture:
    """Read a whole file; see `CaptureReader` for what it takes and raises."""
    reader = CaptureReader(path, mask, max_bytes)
    while reader.step():
        pass
    return reader.capture
