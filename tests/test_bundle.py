"""The contents of the bundle and the wheel; packaging/build.py builds and tests the bundle itself."""

from __future__ import annotations

import configparser
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImageReader

import cmi_gui
from cmi_gui.engine.site.site_file import SUFFIX
from cmi_gui.self_test.checks import resource_files
from tests.helpers.packaging_scripts import PACKAGING, build, contents, papers

ROOT = Path(__file__).resolve().parent.parent


# Files


def test_every_file_of_the_program_is_in_the_bundle() -> None:
    package = Path(cmi_gui.__file__).parent
    listed = {dest: path for path, dest in contents.resource_files(package.parent)}
    found = {f"{contents.RESOURCES}/{path}" for path, _ in resource_files()}
    assert set(listed) == found
    assert len(found) > 40
    assert all(path.is_file() for path in listed.values())
    assert not [dest for dest in listed if not contents.is_included(f"_internal/{dest}")]


def test_every_file_of_the_program_is_in_the_wheel(tmp_path: Path) -> None:
    pytest.importorskip("hatchling.build", reason="start.py installs it; pip alone does not keep it")
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "cmi_gui", source / "cmi_gui", ignore=shutil.ignore_patterns("__pycache__"))
    make = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    command = [sys.executable, "-P", "-c", make, str(tmp_path)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        names = set(wheel.namelist())
    files = {path.relative_to(source).as_posix() for path in (source / "cmi_gui").rglob("*") if path.is_file()}
    assert files <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.parametrize(
    ("dest", "stays"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6\\plugins\\platforms\\qdirect2d.dll", False),
        ("PySide6\\opengl32sw.dll", False),
        ("PySide6/Qt/translations/qtbase_sv.qm", True),
        ("PySide6/Qt/translations/qtbase_xx.qm", False),
        ("cmi_gui/resources/translations/cmi_gui_sv.qm", True),
        ("pyqtgraph/icons/peegee/peegee_512px.png", False),
        ("pyqtgraph/icons/auto.png", True),
        ("numpy-2.4.6.dist-info/RECORD", False),
        ("numpy-2.4.6.dist-info/METADATA", True),
        # Contains a folder of the build machine.
        ("cmi_gui-0.1.0.dist-info/direct_url.json", False),
        ("numpy-2.4.6.dist-info/licenses/LICENSE.txt", True),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
    ],
)
def test_included_files(dest: str, stays: bool) -> None:
    assert contents.is_included(dest) is stays


def test_only_needed_libraries_are_included() -> None:
    needs = {
        "/qxcb": {"libQt6XcbQpa.so.6", "libc.so.6"},
        "/xcbqpa": {"libQt6Gui.so.6"},
        "/gui": {"libQt6Core.so.6"},
        "/core": {"libQt6Core.so.6"},
        "/ext": {"libblas.so"},
        "/network": {"libQt6Core.so.6", "libssl.so.3"},
    }
    files = [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/qxcb", "BINARY"),
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "/xcbqpa", "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/gui", "BINARY"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "/core", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("PySide6/Qt/lib/libQt6Network.so.6", "/network", "BINARY"),
        ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", "SYMLINK"),
        ("libssl.so.3", "/ssl", "BINARY"),
        ("numpy.libs/libblas.so", "/blas", "BINARY"),
        ("numpy/_core/_umath.so", "/ext", "EXTENSION"),
        ("libpython3.11.so.1.0", "/python", "BINARY"),
    ]
    included = set(contents.reached(files, lambda source: needs.get(source, set())))
    assert {dest for dest, _, _ in files} - included == {
        "PySide6/Qt/lib/libQt6Network.so.6",
        "libQt6Network.so.6",
        "libssl.so.3",
    }


def test_of_windows_only_qts_own_libraries_are_looked_at() -> None:
    files = [
        ("PySide6\\QtCore.pyd", "/pyd", "EXTENSION"),
        ("PySide6\\Qt6Core.dll", "/core", "BINARY"),
        ("PySide6\\Qt6Network.dll", "/network", "BINARY"),
        ("VCRUNTIME140.dll", "/vc", "BINARY"),
        ("python311.dll", "/python", "BINARY"),
    ]
    included = set(contents.reached(files, lambda source: {"/pyd": {"Qt6Core.dll"}}.get(source, set())))
    assert {dest for dest, _, _ in files} - included == {"PySide6\\Qt6Network.dll"}


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("cmi-gui", "executables with the program's code"),
        ("_internal/PySide6/Qt/lib/libicudata.so.73", "ICU (Qt's Unicode data)"),
        ("_internal/numpy.libs/libscipy_openblas64_.so", "OpenBLAS and Fortran (numpy)"),
        ("_internal/PySide6/Qt/plugins/platforms/libqxcb.so", "Qt: plugins"),
        ("_internal/PySide6/QtGui.abi3.so", "PySide6: bindings"),
        ("_internal/libpython3.11.so.1.0", "Python's library"),
        ("_internal/libX11.so.6", "libraries of the system"),
        ("_internal/cmi_gui/resources/icons/app.svg", "cmi_gui: resources"),
        ("something", "the rest"),
    ],
)
def test_every_file_has_a_group(path: str, group: str) -> None:
    assert contents.group_of(path) == group


@pytest.mark.parametrize(("version", "numbers"), [("0.1.0", "(0, 1, 0, 0)"), ("1.2.3.dev4", "(1, 2, 3, 4)")])
def test_the_version_resource_is_an_expression_of_the_names_that_pyinstaller_knows(version: str, numbers: str) -> None:
    text = contents.version_resource(version)
    assert f"filevers={numbers}" in text
    assert f"'ProductVersion', '{version}'" in text
    names = set(re.findall(r"\b([A-Z]\w+)\(", text))
    known = {"VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct"}
    assert names == known | {"VarFileInfo", "VarStruct"}
    compile(text, "version.txt", "eval")


# The icon


def test_the_icon_has_every_size_and_none_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "cmi-gui.ico"
    environment = os.environ | {"PYTHONPATH": str(Path(cmi_gui.__file__).parent.parent)}
    subprocess.run([sys.executable, PACKAGING / "windows" / "icon.py", file], check=True, env=environment)
    reader = QImageReader(str(file), b"ico")
    sizes = []
    for path in range(reader.imageCount()):
        assert reader.jumpToImage(path)
        image = reader.read()
        sizes.append(image.width())
        points = [(x, y) for x in range(image.width()) for y in range(image.height())]
        inked = sum(image.pixelColor(x, y).alpha() > 128 for x, y in points)
        assert 0.05 < inked / len(points) < 0.6
    assert sizes == [16, 20, 24, 32, 40, 48, 64, 128, 256]


# Qt's OpenGL bindings


def test_every_plot_is_painted_without_qts_opengl_bindings(tmp_path: Path) -> None:
    """As in the bundle, where the hook runs first and the real modules are excluded."""
    assert {"PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"} <= set(contents.EXCLUDED_MODULES)
    code = f"""
import runpy, sys
runpy.run_path({str(PACKAGING / "no_opengl.py")!r})
from cmi_gui.self_test.run import run
code = run()
print([name for name in ("QtOpenGL", "QtOpenGLWidgets") if hasattr(sys.modules["PySide6." + name], "__file__")])
raise SystemExit(code)
"""
    environment = os.environ | {"HOME": str(tmp_path), "PYTHONPATH": str(Path(cmi_gui.__file__).parent.parent)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


# Licences


@pytest.fixture
def papered(tmp_path: Path) -> Path:
    """A bundle with nothing but metadata."""
    for name in ("numpy-2.4.6", "pyserial-3.5", "shiboken6-6.11.3"):
        (tmp_path / "_internal" / f"{name}.dist-info").mkdir(parents=True)
    (tmp_path / "_internal" / "numpy-2.4.6.dist-info" / "licenses").mkdir()
    (tmp_path / "_internal" / "numpy-2.4.6.dist-info" / "licenses" / "LICENSE.txt").touch()
    return tmp_path


def test_every_library_has_its_licence_in_the_bundle(papered: Path) -> None:
    lacking = papers.add_papers(papered, [])
    assert lacking in ([], ["the licence of Python was not found"])
    text = (papered / "README.txt").read_text(encoding="ascii")
    for name in (
        "LICENSE",
        "hardware.md",
        "not-tried.md",
        "licenses",
        *(["share"] if sys.platform.startswith("linux") else []),
    ):
        assert (papered / name).exists()
        assert name in text
    text = (papered / "licenses" / "README.txt").read_text(encoding="ascii")
    named = {path.name for path in (papered / "licenses").iterdir()} - {"README.txt", "Python.txt"}
    assert named == {name for name in re.findall(r"\b([\w.-]+\.txt)\b", text) if name != "Python.txt"}


def test_a_library_without_a_licence_is_named(papered: Path) -> None:
    (papered / "_internal" / "flux-1.0.dist-info").mkdir()
    (papered / "_internal" / "numpy-2.4.6.dist-info" / "licenses" / "LICENSE.txt").unlink()
    (papered / "_internal" / "numpy-2.4.6.dist-info" / "licenses").rmdir()
    assert [sentence for sentence in papers.add_papers(papered, []) if "Python" not in sentence] == [
        "the licence of flux is missing",
        "the licence of numpy is missing",
    ]


def test_whatever_is_installed_here_and_goes_into_the_bundle_has_a_licence(tmp_path: Path) -> None:
    """All installed wheels that the program requires."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    is_included, seen = list(project["dependencies"]), set[str]()
    while is_included:
        name = re.split(r"[^\w.-]", is_included.pop())[0]
        with contextlib.suppress(metadata.PackageNotFoundError):
            found = metadata.distribution(name)
            if name not in seen:
                is_included += [line for line in found.requires or () if "extra ==" not in line]
            for file in found.files or ():
                if ".dist-info" in file.parts[0]:
                    path = tmp_path / "_internal" / Path(*file.parts)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.touch()
        seen.add(name)
    assert {"numpy", "pyserial", "shiboken6"} <= seen
    assert [sentence for sentence in papers.add_papers(tmp_path, []) if "Python" not in sentence] == []


def test_libraries_of_the_system_are_distinguished_from_those_of_environment_and_python(tmp_path: Path) -> None:
    inside = tmp_path / "environment" / "lib" / "python3.11" / "site-packages"
    binaries = [
        ("libX11.so.6", "/usr/lib/libX11.so.6", "BINARY"),
        ("x/libX11.so.6", "/usr/lib/libX11.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Core.so.6", str(inside / "PySide6/Qt/lib/libQt6Core.so.6"), "BINARY"),
        ("libpython3.11.so.1.0", "/usr/lib/libpython3.11.so.1.0", "BINARY"),
        ("python3.11/lib-dynload/math.so", "/usr/lib/python3.11/lib-dynload/math.so", "EXTENSION"),
        ("libffi.so.8", "/usr/lib/libffi.so.8", "BINARY"),
    ]
    found = contents.of_the_system(binaries, str(tmp_path / "environment"))
    assert found == ["/usr/lib/libX11.so.6", "/usr/lib/libffi.so.8"]


def test_licences_of_system_libraries_come_from_their_packages(tmp_path: Path) -> None:
    if shutil.which("dpkg-query") is None:
        pytest.skip("no Debian")
    shell = Path(shutil.which("dpkg-query") or "").resolve()
    stray = tmp_path / "libstray.so.1"
    stray.touch()
    folder = tmp_path / "system"
    lacking = papers.system_licences([shell, stray], folder)
    assert lacking == ["no licence of libstray.so.1 was found on this system"]
    assert "GPL" in (folder / "dpkg.txt").read_text(encoding="utf-8")
    # Debian's packages refer to the text of the GPL instead of having it.
    assert any(path.name.startswith("GPL") for path in folder.iterdir())


def test_without_debian_every_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    lacking = papers.system_licences([Path("/usr/lib/libX11.so.6")], tmp_path / "system")
    assert lacking == ["no licence of libX11.so.6 was found on this system"]
    assert not (tmp_path / "system").exists()


# Failures


def test_an_unreachable_index_is_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A port of this computer without a server.
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(sys, "argv", ["build.py"])
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert build.main() == 1
    assert capsys.readouterr().err == (
        "build.py: cannot install the parts of the bundle: the package index cannot be reached;"
        " check the network (behind a proxy, set HTTPS_PROXY)\n"
    )


# The end of a self-test


def ended(code: int = 0, out: str = "ok    this\nself-test passed: 1 checks, 1 s\n", err: str = "") -> object:
    return subprocess.CompletedProcess([], code, out, err)


@pytest.mark.parametrize(
    ("done", "silent", "problem"),
    [
        (ended(), False, None),
        (ended(1), False, "it ended with 1"),
        (ended(err="libpng warning"), False, "it wrote to standard error"),
        (ended(out=""), False, "it did not report success"),
        (ended(out="ok    this\n"), False, "it did not report success"),
        (ended(out="hello\nself-test passed: 1\n"), False, "unexpected line 'hello'"),
        (ended(out=""), True, None),
        (ended(), True, None),
        (ended(out="hello\nself-test passed: 1\n"), True, "unexpected line 'hello'"),
        (ended(3, ""), True, "it ended with 3"),
    ],
)
def test_unexpected_output_is_a_failure(done: object, silent: bool, problem: str | None) -> None:
    assert build.unexpected(done, silent=silent) == problem


def test_too_large_a_bundle_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "BUNDLE", tmp_path)
    (tmp_path / "_internal").mkdir()
    (tmp_path / "cmi-gui").write_bytes(bytes(600_000))
    (tmp_path / "_internal" / "libicudata.so.73").write_bytes(bytes(500_000))
    build.check_size()
    assert capsys.readouterr().out.splitlines() == [
        "     0.6 MB  executables with the program's code",
        "     0.5 MB  ICU (Qt's Unicode data)",
        "     1.1 MB  in all, unpacked",
    ]
    monkeypatch.setattr(contents, "LIMIT_MB", 1)
    with pytest.raises(build.Problem, match=r"has 1\.1 MB; the limit is 1 MB$"):
        build.check_size()


def test_a_failed_step_reports_its_output() -> None:
    with pytest.raises(build.Problem, match="ended with 3:\nodd"):
        build.run([sys.executable, "-c", "print('odd'); raise SystemExit(3)"])


def test_settings_of_this_python_are_ignored() -> None:
    given = {"PYTHONPATH": "x", "PYTHONHOME": "y", "VIRTUAL_ENV": "z", "PATH": "p", "PIP_INDEX_URL": "i"}
    assert build.clean(given) == {"PATH": "p", "PIP_INDEX_URL": "i"}


# Files beside the bundle on Linux

DESKTOP = PACKAGING / "linux" / "cmi-gui.desktop"


def desktop(path: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    assert parser.sections() == ["Desktop Entry"]
    return parser["Desktop Entry"]


def test_the_menu_entry_has_what_the_standard_asks_for() -> None:
    entry = desktop(DESKTOP)
    assert (entry["Type"], entry["Exec"], entry["Icon"], entry["Terminal"]) == (
        "Application",
        "cmi-gui %f",
        "cmi-gui",
        "false",
    )
    for name in ("Categories", "Keywords"):
        assert entry[name].endswith(";")
    for name in ("GenericName", "Comment"):
        assert entry[name] != entry[f"{name}[sv]"]


@pytest.fixture
def share(tmp_path: Path) -> Callable[[str], Path]:
    """Make a bundle in a folder of that name with the files that the installer uses; return its `share`."""
    if os.name == "nt":
        pytest.skip("a shell script")

    def make(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(PACKAGING / "linux", folder / "share")
        shutil.copy(ROOT / contents.RESOURCES / "icons" / "app.svg", folder / "share" / "cmi-gui.svg")
        (folder / "cmi-gui").write_text("#!/bin/sh\n")
        (folder / "cmi-gui").chmod(0o755)
        return folder / "share"

    return make


def install(share: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    command = ["sh", str(share / "install.sh"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("folder", ["bundle", "with a space & an | ampersand", "åäö"])
def test_the_menu_entry_is_installed_for_the_user_and_removed(
    share: Callable[[str], Path], tmp_path: Path, folder: str
) -> None:
    path, home = share(folder), tmp_path / "home"
    assert install(path, home).returncode == 0
    entry = home / ".local/share/applications/cmi-gui.desktop"
    icon = home / ".local/share/icons/hicolor/scalable/apps/cmi-gui.svg"
    assert desktop(entry)["Exec"] == f'"{path.parent / "cmi-gui"}" %f'
    assert "currentColor" not in icon.read_text()
    types = home / ".local/share/mime/packages/cmi-gui-types.xml"
    named = ElementTree.parse(types).getroot().find("{*}mime-type")
    assert named is not None
    assert desktop(entry)["MimeType"] == f"{named.get('type')};"
    assert [glob.get("pattern") for glob in named.iterfind("{*}glob")] == [f"*{SUFFIX}"]
    assert install(path, home).returncode == 0
    assert install(path, home, "--remove").returncode == 0
    # The lists that the desktop's own programs make stay, without us.
    left = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in left if "cmi" in path.name or b"cmi-gui" in path.read_bytes()]


def test_what_cannot_be_in_a_menu_entry_is_refused(share: Callable[[str], Path], tmp_path: Path) -> None:
    done = install(share("costs $5"), tmp_path / "home")
    assert done.returncode == 1
    assert "has a character that is not allowed in a menu entry" in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_udev_rules_name_the_usual_chips_and_end_where_they_jump_to() -> None:
    text = (PACKAGING / "linux" / "70-cmi-gui.rules").read_text(encoding="ascii")
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    labels = {match for rule in rules for match in re.findall(r'LABEL="(\w+)"', rule)}
    jumps = {match for rule in rules for match in re.findall(r'GOTO="(\w+)"', rule)}
    assert jumps == labels
    vendors = {match for rule in rules for match in re.findall(r'idVendor}=="([0-9a-f|]+)"', rule)}
    assert vendors == {"0403|10c4|1a86|067b"}
    assert any('TAG+="uaccess"' in rule and "bInterfaceClass" in rule for rule in rules)
    # A real modem is a CDC ACM device too.
    assert not any("ID_MM" in rule and "bInterfaceClass" in rule for rule in rules)


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=8), st.data())
def test_included_modules_need_no_excluded_ones(roots: list[str], data: st.DataObject) -> None:
    names = [f"lib{letter}.so.1" for letter in "abcdefgh"]
    needs = {name: data.draw(st.sets(st.sampled_from(names), max_size=3)) for name in names}
    needs |= {root: data.draw(st.sets(st.sampled_from(names), max_size=2)) for root in roots}
    files = [(name, name, "BINARY") for name in names] + [(root, root, "EXTENSION") for root in set(roots)]
    included = set(contents.reached(files, lambda source: needs[source]))
    assert all(needs[name] <= included for name in included)
    needed = set().union(*(needs[name] for name in included)) if included else set()
    assert {name for name in included if name.startswith("lib")} <= needed
