"""Pages of the site that are not files of this folder: README, CONTRIBUTING, CHANGELOG, and the API of the engine.

MkDocs calls `on_files` and `on_nav` as hooks (mkdocs.yml).
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "cmi_gui" / "engine"
AT_ROOT = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
SEAM = "The seam"
"""The modules at the root of the engine, on which all of its packages depend."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Replace the entry `api/` of the navigation by a page for each package of the engine."""
    title = "API of the engine"
    config.nav = [{title: api_nav()} if entry == {title: "api/"} else entry for entry in config.nav or ()]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from files outside this folder."""
    for name, page in AT_ROOT.items():
        files.append(File.generated(config, page, content=moved((ROOT / name).read_text(encoding="utf-8"))))
    for package, modules in api().items():
        lines = [f"# {package}", *(f"::: {module}" for module in modules)]
        files.append(File.generated(config, f"api/{page_name(package)}.md", content="\n\n".join(lines) + "\n"))
    return files


def moved(text: str) -> str:
    """Return the text of a page at the root with its links changed to those of the site."""
    return re.sub(r"\]\((?:docs/)?([^):#]+)(#[^)]*)?\)", lambda m: f"]({AT_ROOT.get(m[1], m[1])}{m[2] or ''})", text)


def api() -> dict[str, list[str]]:
    """Return the modules of the engine by package, in alphabetical order."""
    found: dict[str, list[str]] = {}
    for path in sorted(ENGINE.rglob("*.py")):
        if path.name != "__init__.py":
            parts = path.relative_to(ROOT).with_suffix("").parts
            package = ".".join(parts[:-1]) if len(parts) > 3 else SEAM
            found.setdefault(package, []).append(".".join(parts))
    return {SEAM: found.pop(SEAM)} | found


def api_nav() -> list[dict[str, str]]:
    return [{package.removeprefix("cmi_gui.engine."): f"api/{page_name(package)}.md"} for package in api()]


def page_name(package: str) -> str:
    return package.removeprefix("cmi_gui.engine.").replace(" ", "-").lower()
