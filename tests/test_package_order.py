"""The order of the packages: each imports only itself and the packages below it, including imports in functions."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import cmi_gui

ORDER = {
    "cmi_gui": "versions display engine report_pdf testing pytest_plugin commands ui app self_test cli __main__",
    "cmi_gui.engine": (
        "machine messages link_protocol clock driver obis module_state events"
        " mbus bus iec62056 link files meter_profile cmi1020 e350 traffic history station configurator room site"
        " report diagnostics"
    ),
    "cmi_gui.ui": "event_loop theme icons prefs background dialogs targets bridge text widgets models pages frame",
}
"""The modules and packages of each package, from the bottom up."""
APART = [("cmi_gui.engine.mbus", "cmi_gui.engine.iec62056"), ("cmi_gui.engine.cmi1020", "cmi_gui.engine.e350")]
"""Packages that must not import each other."""
MOST_IN_A_ROOT = 8

ROOT = Path(cmi_gui.__file__).parent


@cache
def imports() -> list[tuple[str, str]]:
    """Yield every import of one module of the program by another: importer and imported module."""
    found: list[tuple[str, str]] = []
    for path in ROOT.rglob("*.py"):
        name = ".".join(("cmi_gui", *path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ImportFrom(level=0, module=str(module), names=names):
                    found += [(name, f"{module}.{alias.name}") for alias in names]
                case ast.ImportFrom(level=level) if level:
                    pytest.fail(f"{name} imports relatively; imports inside the package are absolute")
                case ast.Import(names=names):
                    found += [(name, alias.name) for alias in names]
    return found


@pytest.mark.parametrize("package", ORDER)
def test_nothing_imports_upward(package: str) -> None:
    order = ORDER[package].split()

    def position(module: str) -> int | None:
        """Return the position of a module in `package`; None if it is not in it, or is the package itself."""
        head, _, rest = module.partition(f"{package}.")
        part = rest.partition(".")[0]
        return order.index(part) if not head and part in order else None

    upward = [
        f"{importer} imports {imported}"
        for importer, imported in imports()
        if (lower := position(importer)) is not None and (upper := position(imported)) is not None and upper > lower
    ]
    assert not upward


@pytest.mark.parametrize(("one", "other"), APART)
def test_packages_side_by_side_do_not_import_each_other(one: str, other: str) -> None:
    crossing = [
        f"{importer} imports {imported}"
        for importer, imported in imports()
        for here, there in ((one, other), (other, one))
        if importer.startswith(f"{here}.") and imported.startswith(f"{there}.")
    ]
    assert not crossing


@pytest.mark.parametrize("package", ORDER)
def test_every_module_is_in_the_order(package: str) -> None:
    folder = ROOT.joinpath(*package.split(".")[1:])
    there = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert there - {"__init__", "resources"} == set(ORDER[package].split())


@pytest.mark.parametrize("package", ["cmi_gui.engine", "cmi_gui.ui"])
def test_the_roots_stay_small(package: str) -> None:
    folder = ROOT.joinpath(*package.split(".")[1:])
    assert len([path for path in folder.glob("*.py") if path.stem != "__init__"]) <= MOST_IN_A_ROOT


def test_public_class_names_are_unique() -> None:
    places: dict[str, list[str]] = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not {name: where for name, where in places.items() if len(where) > 1}
