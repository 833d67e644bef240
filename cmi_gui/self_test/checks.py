"""The checks of the self-test that need no window: files, libraries, history. Each returns a detail to print."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

import cmi_gui
from cmi_gui.engine.files.program_folder import SUMS_NAME, program_folder
from cmi_gui.versions import versions

_PACKAGE = Path(cmi_gui.__file__).resolve().parent

_TEST_TIME = 1_790_000_000_000
_MODULE = "12345678"


class CheckFailed(Exception):
    """A failed check; the text says what is wrong."""


def resource_files() -> Iterator[tuple[str, Traversable]]:
    """Yield every file of `cmi_gui/resources` except code: its path there, with `/`, and the file."""

    def walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from walk(entry, f"{path}{entry.name}/")
            elif not entry.name.endswith((".py", ".pyc")):
                yield f"{path}{entry.name}", entry

    yield from walk(resources.files("cmi_gui.resources"), "")


def _versions(_: Path) -> str:
    found = versions()
    missing = [name for name, version in found.libraries.items() if version is None]
    if missing:
        raise CheckFailed(f"not installed: {', '.join(missing)}")
    return f"{found.program}, build {found.build}, Python {found.python}"


def _files(_: Path) -> str:
    """Compare the files with those built or installed; a checkout has no list to compare with."""
    folder = program_folder()
    if folder is not None:
        return _bundled_files(folder)
    here = {path for path, _ in resource_files()}
    expected = _installed_files()
    _compare(expected or here, here)
    return f"{len(here)} files {'as installed' if expected else 'in the checkout'}"


def _bundled_files(folder: Path) -> str:
    """Compare every file of the bundle by its checksum; beside the program the user may have put others."""
    lines = (folder / SUMS_NAME).read_text(encoding="utf-8").splitlines()
    sums = {path: digest for digest, _, path in (line.partition(" *") for line in lines)}
    here = {path.relative_to(folder).as_posix() for path in (folder / "_internal").rglob("*") if path.is_file()}
    links = {path for path in here if (folder / path).is_symlink()}
    beside = {path for path in sums if (folder / path).is_file()}
    _compare(set(sums), (here - links) | beside)
    for path, digest in sums.items():
        with (folder / path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise CheckFailed(f"{path} has changed since the build")
    return f"{len(sums)} files as built"


def _compare(expected: set[str], here: set[str]) -> None:
    if expected - here:
        raise CheckFailed(f"missing: {', '.join(sorted(expected - here))}")
    if here - expected:
        raise CheckFailed(f"unexpected: {', '.join(sorted(here - expected))}")


def _installed_files() -> set[str]:
    """Return the files recorded by the installer; empty if this package is not the installed one."""
    folder = "cmi_gui/resources/"
    try:
        installed = metadata.distribution("cmi-gui")
    except metadata.PackageNotFoundError:
        return set()
    if Path(str(installed.locate_file("cmi_gui"))).resolve() != _PACKAGE:
        return set()
    paths = (file.as_posix() for file in installed.files or ())
    return {
        path.removeprefix(folder) for path in paths if path.startswith(folder) and not path.endswith((".py", ".pyc"))
    }


def _licence(_: Path) -> str:
    folder = program_folder()
    if folder is not None:
        text = (folder / "LICENSE").read_text(encoding="utf-8")
    else:
        try:
            text = metadata.distribution("cmi-gui").read_text("licenses/LICENSE") or ""
        except metadata.PackageNotFoundError:
            # A checkout that is not installed.
            text = (_PACKAGE.parent / "LICENSE").read_text(encoding="utf-8")
    if "MIT License" not in text:
        raise CheckFailed("the licence text is missing")
    return "MIT"


def _profiles(_: Path) -> str:
    """Check the built-in profiles, even where the user has replaced them."""
    from cmi_gui.engine.cmi1020.profile import load_module_profile
    from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
    from cmi_gui.engine.meter_profile.profile import load_meter_profile

    load_mapping()
    with built_in_profiles() as (module, meter):
        return f"{load_module_profile(module).name}, {load_meter_profile(meter).name}"


@contextlib.contextmanager
def built_in_profiles() -> Iterator[tuple[Path, Path]]:
    """Yield the files of the built-in profiles of module and meter, even if the user has replaced them."""
    folder = resources.files("cmi_gui.resources").joinpath("profiles")
    with (
        resources.as_file(folder.joinpath("cmi1020.toml")) as module,
        resources.as_file(folder.joinpath("e350.toml")) as meter,
    ):
        yield module, meter


def _help(_: Path) -> str:
    from cmi_gui.ui.frame.help_text import chapters, guide_text
    from cmi_gui.ui.pages.makers import page_entries

    english, swedish = chapters(guide_text("en")), chapters(guide_text("sv"))
    if english == swedish:
        raise CheckFailed("the Swedish guide is missing")
    for language, found in (("English", english), ("Swedish", swedish)):
        if sum(chapter.level == 2 for chapter in found) <= max(page.chapter for page in page_entries()):
            raise CheckFailed(f"the {language} guide has only {len(found)} chapters")
    return f"{len(english)} chapters in English, {len(swedish)} in Swedish"


def _serial(_: Path) -> str:
    """Check the modules that pyserial loads by name at run time, and the list of ports."""
    for name in ("alt", "hwgrep", "loop", "rfc2217", "socket", "spy"):
        importlib.import_module(f"serial.urlhandler.protocol_{name}")
    from serial.tools.list_ports import comports

    return f"{len(list(comports()))} ports found"


def _keyring(_: Path) -> str:
    """Check that the library and its backend for this system exist, without using a keyring."""
    backend = {"win32": "Windows", "linux": "SecretService"}.get(sys.platform)
    if backend is None:
        return "none is used on this system"
    importlib.import_module(f"keyring.backends.{backend}")
    known = metadata.entry_points(group="keyring.backends")
    if not any(entry.value.startswith(f"keyring.backends.{backend}") for entry in known):
        raise CheckFailed(f"keyring would not find its backend {backend}")
    return backend


def _history(folder: Path) -> str:
    from cmi_gui.engine.history.service import History
    from cmi_gui.engine.history.values import Series
    from cmi_gui.engine.iec62056.reading import read_line

    readings = read_line("1.8.0(061561.289*kWh)")
    troubles: list[str] = []
    for attempt in range(2):
        history = History(folder, lambda trouble: troubles.append(f"{trouble.trouble.value} {trouble.detail}"))
        try:
            if attempt == 0:
                history.record(_MODULE, _TEST_TIME, readings)
            curve = history.curve(Series(_MODULE, "1.8.0", "kWh"), _TEST_TIME - 1, _TEST_TIME + 1, 10).result(10)
        finally:
            history.close(_TEST_TIME + 1)
    if troubles:
        raise CheckFailed("; ".join(troubles))
    if curve.times[:1] != [_TEST_TIME] or curve.values[:1] != [61561.289]:
        raise CheckFailed(f"read back {curve.values}")
    return "written, closed and read back"


def _report(_: Path) -> str:
    """Check the texts and the template of reports, and the library that fills it in."""
    from datetime import UTC, datetime

    from cmi_gui.engine.cmi1020.commands import CommandTable
    from cmi_gui.engine.cmi1020.profile import load_module_profile
    from cmi_gui.engine.report.formats import html
    from cmi_gui.engine.report.report import ReportOptions, make_report
    from cmi_gui.engine.report.texts import ReportLanguage
    from cmi_gui.engine.site.model import Site

    site, table, now = Site(name=_MODULE), CommandTable(load_module_profile()), datetime.now(UTC)
    for language in ReportLanguage:
        if _MODULE not in html(make_report(site, table, ReportOptions(language=language), now)):
            raise CheckFailed(f"the report in the language {language.value} has no name of its site")
    return f"made in {', '.join(ReportLanguage)}"


WITHOUT_WINDOW: Mapping[str, Callable[[Path], str]] = {
    "versions": _versions,
    "files": _files,
    "licence": _licence,
    "profiles": _profiles,
    "user guide": _help,
    "serial ports": _serial,
    "keyring": _keyring,
    "history": _history,
    "report": _report,
}
"""The checks by name, in order; each gets a folder for its files."""
