"""The scripts of packaging/, loaded by file, because on the path they would hide the library `packaging`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

__all__ = ["PACKAGING", "build", "contents", "papers", "translations"]

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


translations = _load("translations")
contents = sys.modules["contents"] = _load("contents")
papers = sys.modules["papers"] = _load("papers")
# The scripts import each other by name; the names are removed afterwards.
try:
    build = _load("build")
finally:
    del sys.modules["contents"], sys.modules["papers"]
