"""The engine knows no Qt, and the protocol packages know nobody."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORT_ALL = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "qasync", "pyqtgraph", "numpy"} or name == "cmi_gui.ui":
            raise ImportError(f"the engine must not import {name}")

sys.meta_path.insert(0, Blocked())
import cmi_gui.engine
for module in pkgutil.walk_packages(cmi_gui.engine.__path__, "cmi_gui.engine."):
    importlib.import_module(module.name)
    print(module.name)
"""

IMPORT_ONE = """
import importlib, pkgutil, sys

package = importlib.import_module("cmi_gui.engine." + sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.startswith("cmi_gui.")), sep="\\n")
"""


def run(code: str, *arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_engine_imports_without_qt_and_numpy() -> None:
    imported = run(IMPORT_ALL)
    assert {"cmi_gui.engine.driver", "cmi_gui.engine.link.serial", "cmi_gui.engine.link.tcp"} <= set(imported)


@pytest.mark.parametrize("package", ["mbus", "iec62056"])
def test_protocol_packages_could_be_published_alone(package: str) -> None:
    """All they may use beside themselves are the words of the seam."""
    allowed = {"cmi_gui.engine", "cmi_gui.engine.machine", "cmi_gui.engine.messages"}
    own = f"cmi_gui.engine.{package}"
    foreign = [
        name for name in run(IMPORT_ONE, package) if name not in allowed and not f"{name}.".startswith(f"{own}.")
    ]
    assert not foreign
