"""Scripts of the checkout, loaded by file: `start.py test` has only the installed program on the path."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

CHECKOUT = Path(__file__).resolve().parents[2]


def load_script(path: str) -> ModuleType:
    """Return the module of a script; `path`: relative to the checkout, without its ending."""
    spec = importlib.util.spec_from_file_location(Path(path).name, CHECKOUT / f"{path}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
