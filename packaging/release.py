"""Make a release of this checkout: `python packaging/release.py`. docs/building.md has the whole way to a release.

Into `dist/release` go sdist, wheel, the bundle of this system as an archive, on Windows its installer, the notes of
this version from CHANGELOG.md, and the checksums of the others. Each product is installed in an empty environment and
must pass its tests there.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import build
import contents
import installer
from build import DIST, ROOT, SUMS_NAME, WINDOWS, Problem, report, run

RELEASE = DIST / "release"
NOTES = "NOTES.txt"
NAMESPACE = "cmi-gui-release"
"""What `ssh-keygen -Y` signs and verifies with, so that a signature of something else is not taken for one of these."""

PLUGIN_TEST = """\
import socket


def test_the_module_answers(cmi1020):
    host, _, port = cmi1020.url.removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as link:
        link.sendall(bytes.fromhex("10 40 00 40 16"))
        assert link.recv(1) == bytes.fromhex("E5")
"""
"""A test as in docs/testing.md, for the wheel's pytest plugin."""


# What is released


def notes_of(changelog: str, version: str) -> str:
    """Return the section of a version in the changelog, without its title. Raises Problem if it is missing or empty.

    Each paragraph and list item is one line, because a release page shows the ends of lines.
    """
    found = re.search(rf"^## \[{re.escape(version)}\].*\n((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    if found is None or not found[1].strip():
        raise Problem(
            f"CHANGELOG.md has no section [{version}]; move what is under [Unreleased] into one, with the date"
        )
    return re.sub(r"(?<=\S)\n *(?![-*] |#)(?=\S)", " ", found[1].strip()) + "\n"


def check_source(version: str, tag: str | None) -> None:
    """Raise Problem if the tag is another version's, or if files differ from the commit or are not in it."""
    if tag not in (None, f"v{version}"):
        raise Problem(f"the tag {tag} does not belong to version {version}, whose tag is v{version}")
    commit, _ = build.commit_and_date()
    if commit is not None and commit.endswith("+"):
        raise Problem(
            "files of this checkout are changed or new (`git status` lists them); commit or remove them, so that the "
            "commit is what is released"
        )


# sdist and wheel


def make_packages(work: Path) -> tuple[Path, Path]:
    """Make the sdist, and from it the wheel, so that the sdist is complete; return both."""
    python = new_environment(work / "builder")
    # With the versions of constraints.txt, so that the same commit gives the same files.
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "install", "-c", ROOT / "constraints.txt", "hatchling"])
    run([python, "-m", "hatchling", "build", "-t", "sdist", "-d", RELEASE], cwd=ROOT)
    (sdist,) = RELEASE.glob("*.tar.gz")
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", RELEASE, sdist], cwd=work)
    (wheel,) = RELEASE.glob("*.whl")
    return sdist, wheel


def try_wheel(wheel: Path, version: str, work: Path) -> None:
    """Install the wheel as a user does; its command, its window and its pytest plugin must work. Raises Problem."""
    python = new_environment(work / "user")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, wheel], cwd=work)
    command = python.with_name("cmi-gui.exe" if WINDOWS else "cmi-gui")
    check_program([command], version, work)
    run([*pip, "pytest"], cwd=work)
    (work / "test_plugin.py").write_text(PLUGIN_TEST, encoding="utf-8")
    printed = run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_plugin.py"], cwd=work)
    report(f"wheel: pytest plugin: {printed.splitlines()[-1]}")


def new_environment(folder: Path) -> Path:
    """Make a virtual environment with nothing but pip; return its Python."""
    run([sys.executable, "-m", "venv", folder])
    return folder / ("Scripts/python.exe" if WINDOWS else "bin/python")


# The bundle


def make_bundle(version: str) -> list[Path]:
    """Build the bundle with its archive, and on Windows its installer; return the files, in `dist/release`."""
    for old in (*DIST.glob("*.tar.xz"), *DIST.glob("*.zip")):
        old.unlink()
    if subprocess.run([sys.executable, build.HERE / "build.py", "--archive"], check=False).returncode:
        raise Problem("the bundle was not built")
    made = [Path(shutil.move(packed, RELEASE)) for packed in (*DIST.glob("*.tar.xz"), *DIST.glob("*.zip"))]
    if WINDOWS:
        setup = RELEASE / installer.installer_name(version)
        installer.make_installer(build.BUNDLE, version, setup)
        made.append(setup)
    return made


def try_archive(archive: Path, version: str, work: Path) -> None:
    """Unpack the bundle somewhere else and let it test itself. Raises Problem."""
    # A zip has no filter, and Python has it since 3.11.4; it warns if a later one gets none.
    filtered = {"filter": "data"} if not WINDOWS and hasattr(tarfile, "data_filter") else {}
    shutil.unpack_archive(archive, work / "unpacked", **filtered)
    program = work / "unpacked" / contents.NAME / (contents.CONSOLE + (".exe" if WINDOWS else ""))
    check_program([program], version, work)


def check_program(command: list[Path], version: str, work: Path) -> None:
    """Run an installed program in an environment with only a home. Raises Problem if its self-test fails."""
    home = work / "home"
    home.mkdir(exist_ok=True)
    environment = build.bare_environment(home)
    began = time.monotonic()
    last = run([*command, "--self-test"], cwd=home, env=environment).splitlines()[-1]
    report(f"{command[0].name}: {last} ({time.monotonic() - began:.1f} s including start)")
    printed = run([*command, "--version"], cwd=home, env=environment).splitlines()[0]
    if printed != f"cmi-gui {version}":
        raise Problem(f"{command[0]} --version printed {printed!r}")


# Checksums


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of every file in a folder but the notes, for `sha256sum -c` there."""
    others = (SUMS_NAME, f"{SUMS_NAME}.sig", NOTES)
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in others)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()} *{path.name}\n" for path in files]
    (folder / SUMS_NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def sign(sums: Path, key: Path) -> None:
    """Sign the checksums with an SSH key, whose passphrase ssh-keygen asks for; the signature is beside them."""
    signature = sums.with_name(sums.name + ".sig")
    signature.unlink(missing_ok=True)
    command = ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(sums)]
    if subprocess.run(command, check=False).returncode or not signature.is_file():
        raise Problem(f"ssh-keygen could not sign with {key}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bundle-only", action="store_true", help="no sdist and wheel; for the second system")
    parser.add_argument("--sums", type=Path, metavar="FOLDER", help="only write the checksums of a folder anew")
    parser.add_argument("--sign", type=Path, metavar="KEY", help="also sign the checksums with this SSH key")
    parser.add_argument("--tag", help="fail unless this is the tag of the version")
    options = parser.parse_args()
    folder = options.sums or RELEASE
    try:
        if options.sums is None:
            release(options.tag, with_packages=not options.bundle_only)
        write_sums(folder)
        if options.sign is not None:
            sign(folder / SUMS_NAME, options.sign)
    except (Problem, OSError) as problem:
        print(f"release.py: {problem}", file=sys.stderr)
        return 1
    for path in sorted(folder.iterdir()):
        report(f"{path.stat().st_size / 1e6:8.2f} MB  {path.name}")
    return 0


def release(tag: str | None, *, with_packages: bool) -> None:
    """Make and try everything but the checksums. Raises Problem and OSError."""
    version = build.source_version()
    check_source(version, tag)
    notes = notes_of((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    if WINDOWS and installer.makensis() is None:
        raise Problem("makensis is missing; install NSIS")
    if RELEASE.exists():
        shutil.rmtree(RELEASE)
    RELEASE.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="cmi-gui-release-", ignore_cleanup_errors=True) as folder:
        work = Path(folder).resolve()
        if with_packages:
            report("making sdist and wheel ...")
            _, wheel = make_packages(work)
            try_wheel(wheel, version, work)
            (RELEASE / NOTES).write_text(notes, encoding="utf-8", newline="\n")
        archive, *_ = make_bundle(version)
        try_archive(archive, version, work)


if __name__ == "__main__":
    sys.exit(main())
