"""The content of the bundle, in one place: packaging/pyinstaller.spec, packaging/build.py and the tests read it.

It uses only the standard library, so that the tests need no PyInstaller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

NAME = "cmi-gui"
CONSOLE = "cmi-gui-console"
LIMIT_MB = 195
"""The largest allowed size, unpacked, in units of 1 000 000 bytes."""

RESOURCES = "cmi_gui/resources"

HIDDEN_IMPORTS = [
    # Never imported, but its files are found only if it is in the bundle as a package.
    "cmi_gui.resources",
    # pyserial imports them by name for the scheme of a port's URL.
    *(f"serial.urlhandler.protocol_{name}" for name in ("alt", "hwgrep", "loop", "rfc2217", "socket", "spy")),
]

EXCLUDED_MODULES = [
    # pyqtgraph imports QtTest only if it exists; the others are added by PyInstaller's hook of QtGui.
    *(
        f"PySide6.Qt{name}"
        for name in ("Concurrent", "DBus", "Designer", "Help", "Network", "PrintSupport", "Sql", "Test")
    ),
    *(f"PySide6.Qt{name}" for name in ("Qml", "Quick", "QuickControls2", "QuickWidgets", "UiTools", "Xml")),
    # Replaced by no_opengl.py.
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"),
    # Development tools that may be in the environment.
    *("hypothesis", "mypy", "pip", "pytest", "setuptools", "tkinter", "wheel", "_pytest", "readline"),
    # Unused parts of numpy and pyqtgraph that are imported on demand, and their optional dependencies.
    *("numpy.f2py", "numpy.polynomial", "numpy.random", "numpy.testing", "doctest", "unittest"),
    *("pyqtgraph.examples", "pyqtgraph.flowchart", "pyqtgraph.jupyter", "pyqtgraph.console", "pyqtgraph.opengl"),
    *("IPython", "OpenGL", "PIL", "h5py", "matplotlib", "scipy"),
    # rich colours source code and reads Markdown with them; the command line does neither.
    *("markdown_it", "pygments"),
    # Their shared library (6 MB) is not needed: no connection is encrypted, and hashlib has its own algorithms.
    *("ssl", "_ssl", "_hashlib"),
]

PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qico", "qjpeg", "qsvg"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platforms": {"qoffscreen", "qwayland", "qwindows", "qxcb"},
    # The desktop's own file dialogs. Not gtk3: it would bring the build machine's GTK along.
    "platformthemes": {"qxdgdesktopportal"},
    "styles": {"qmodernwindowsstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell"},
}
"""The included plugins of Qt. The window is painted without OpenGL, so nothing of EGL or GLX is needed."""

NO_LIBRARIES = {"d3dcompiler_47.dll", "opengl32sw.dll"}
"""Qt's software OpenGL for Windows, 25 MB, which the program does not use."""

QT_TRANSLATIONS = {"qtbase_en.qm"} | {
    f"{path.stem.replace('cmi_gui', 'qtbase')}.qm"
    for path in (Path(__file__).parents[1] / RESOURCES / "translations").glob("*.ts")
}
"""The texts of Qt's own dialogs in the languages of the window."""

_PLUGIN = re.compile(r"^PySide6/(?:Qt/)?plugins/([\w-]+)/(?:lib)?([\w-]+?)\.(?:so|dll)$")
_SHARED = re.compile(r"\.so(?:\.[0-9]+)*$")


def resource_files(root: Path) -> list[tuple[Path, str]]:
    """Return all files of `root`/cmi_gui/resources except code: the path, and the path in the bundle."""
    folder = root / RESOURCES
    return [
        (path, path.relative_to(root).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]


def _path(dest: str) -> PurePosixPath:
    """Return a path in the bundle, given with the system's `/` or `\\`."""
    return PurePosixPath(dest.replace("\\", "/"))


def is_included(dest: str) -> bool:
    """Return whether to keep a file that PyInstaller found, by its path in the bundle."""
    path = _path(dest)
    plugin = _PLUGIN.match(str(path))
    if plugin:
        return plugin[2] in PLUGINS.get(plugin[1], set())
    if "PySide6" in path.parts and path.suffix == ".qm":
        return path.name in QT_TRANSLATIONS
    # Checksums and part lists of wheels, and the icon of pyqtgraph in ten sizes.
    if path.name == "RECORD" or "sboms" in path.parts or "peegee" in path.parts:
        return False
    # Names the folder of the build machine that the program was installed from.
    if path.name == "direct_url.json":
        return False
    return path.name not in NO_LIBRARIES


def reached(files: Iterable[tuple[str, str, str]], imports: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Yield the paths in the bundle of those `(path in the bundle, source, kind)` that something in it needs.

    Extension modules and plugins are always needed, a shared library only if one of them imports it, and a link only if
    its target is needed. `imports`: returns the names of the libraries that a file imports. A library that only an
    excluded plugin or module imports is therefore excluded too.
    """
    files = list(files)
    shared = {dest: source for dest, source, kind in files if kind == "BINARY" and _prunable(dest)}
    by_name: dict[str, list[str]] = {}
    for dest in shared:
        by_name.setdefault(_path(dest).name, []).append(dest)
    needed = {dest for dest, _, kind in files if dest not in shared and kind != "SYMLINK"}
    unexamined = [source for dest, source, kind in files if dest in needed and kind in {"BINARY", "EXTENSION"}]
    while unexamined:
        for name in imports(unexamined.pop()):
            for dest in by_name.pop(name, ()):
                needed.add(dest)
                unexamined.append(shared[dest])
    links = {
        (PurePosixPath(dest).parent / source).as_posix(): dest for dest, source, kind in files if kind == "SYMLINK"
    }
    yield from needed
    yield from (dest for target, dest in links.items() if target in needed)


def _prunable(dest: str) -> bool:
    """Return whether a binary may be left out: on Linux any but Python's own library, on Windows only Qt's."""
    path = _path(dest)
    if "plugins" in path.parts or path.name.startswith("libpython"):
        return False
    return bool(_SHARED.search(path.name)) or ("PySide6" in path.parts and path.name.startswith("Qt6"))


def of_the_system(binaries: Iterable[tuple[str, str, str]], environment: str) -> list[str]:
    """Return those sources of `(path in the bundle, source, kind)` that are libraries of this Linux, sorted.

    Files that pip installed into `environment` and Python's own library are left out; the latter may be in /usr among
    all the others.
    """
    inside = Path(environment).resolve()
    return sorted(
        {
            source
            for dest, source, kind in binaries
            if kind == "BINARY"
            and not Path(source).resolve().is_relative_to(inside)
            and not _path(dest).name.startswith("libpython")
        }
    )


GROUPS = (
    ("ICU (Qt's Unicode data)", re.compile(r"libicu|icudt")),
    ("OpenBLAS and Fortran (numpy)", re.compile(r"openblas|gfortran|quadmath")),
    ("numpy", re.compile(r"(^|/)numpy")),
    ("Qt: Core, Gui, Widgets", re.compile(r"Qt6(Core|Gui|Widgets)\.")),
    ("Qt: plugins", re.compile(r"/plugins/")),
    ("Qt: other libraries", re.compile(r"Qt6\w+\.(so|dll)")),
    ("PySide6: bindings", re.compile(r"(^|/)(PySide6|shiboken6)/")),
    ("cryptography (for the keyring)", re.compile(r"(^|/)cryptography")),
    ("pydantic (for the command line)", re.compile(r"(^|/)pydantic")),
    ("executables with the program's code", re.compile(rf"^{NAME}")),
    ("Python's library", re.compile(r"libpython|python3\d+\.dll")),
    ("Python's modules", re.compile(r"lib-dynload|base_library|_internal/python3|\.pyd$")),
    ("cmi_gui: resources", re.compile(r"cmi_gui/")),
    ("licences and metadata", re.compile(r"licenses/|dist-info|LICENSE")),
    ("libraries of the system", re.compile(r"_internal/[\w+.-]+\.(so|dll)|\.so\.")),
)


def group_of(path: str) -> str:
    """Return the group of a file, for the table of sizes; `path` is relative to the bundle, with `/`."""
    return next((name for name, pattern in GROUPS if pattern.search(path)), "the rest")


def version_resource(version: str) -> str:
    """Return the version resource of a Windows executable, in the form that PyInstaller reads."""
    numbers = (*map(int, re.findall(r"\d+", version)), 0, 0, 0, 0)[:4]
    strings = {
        "CompanyName": "The cmi_gui authors",
        "FileDescription": "cmi_gui: the CMi1020 M-Bus module",
        "FileVersion": version,
        "InternalName": NAME,
        "LegalCopyright": "MIT licence",
        "OriginalFilename": f"{NAME}.exe",
        "ProductName": "cmi_gui",
        "ProductVersion": version,
    }
    rows = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004,"
        " fileType=1, subtype=0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('040904B0', [{rows}])]),"
        " VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
