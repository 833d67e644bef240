"""packaging/release.py and packaging/installer.py: what a release is made of, without building one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.packaging_scripts import build, contents, installer, release

CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- **This**, with [a link](docs/room.md) and a line
  **that** goes on
  and on.
- That:
  - a part of
    it.

A paragraph
of its own.

## [1.0.0] - 2026-11-30

- The first.

## [0.9.0] - 2026-01-01
"""


def test_the_notes_are_the_section_of_the_version() -> None:
    assert release.notes_of(CHANGELOG, "1.0.0") == "- The first.\n"


def test_the_notes_have_no_line_break_in_a_sentence() -> None:
    assert release.notes_of(CHANGELOG, "1.1.0").splitlines() == [
        "### Added",
        "",
        "- **This**, with [a link](docs/room.md) and a line **that** goes on and on.",
        "- That:",
        "  - a part of it.",
        "",
        "A paragraph of its own.",
    ]


@pytest.mark.parametrize("version", ["2.0.0", "0.9.0", "1.0", "Unreleased"])
def test_a_version_without_notes_is_not_released(version: str) -> None:
    with pytest.raises(build.Problem, match=r"CHANGELOG.md has no section \["):
        release.notes_of(CHANGELOG, version)


def test_tag_and_version_belong_together_and_the_checkout_is_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "commit_and_date", lambda: ("abc1234", "2026-11-30"))
    release.check_source("1.0.0", None)
    release.check_source("1.0.0", "v1.0.0")
    for tag in ("1.0.0", "v1.0.1", ""):
        with pytest.raises(build.Problem, match=r"whose tag is v1\.0\.0"):
            release.check_source("1.0.0", tag)
    monkeypatch.setattr(build, "commit_and_date", lambda: ("abc1234+", "2026-11-30"))
    with pytest.raises(build.Problem, match="commit or remove them"):
        release.check_source("1.0.0", "v1.0.0")
    # From an sdist there is no commit to compare with.
    monkeypatch.setattr(build, "commit_and_date", lambda: (None, None))
    release.check_source("1.0.0", None)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is missing")
def test_new_files_are_not_released_before_they_are_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    (tmp_path / ".gitignore").write_text("dist/\n")
    user = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "--quiet"], ["add", "."], [*user, "commit", "--quiet", "-m", "The first"]):
        subprocess.run(["git", "-C", tmp_path, *words], check=True)
    # As in the settings of a user who does not want to see new files.
    subprocess.run(["git", "-C", tmp_path, "config", "status.showUntrackedFiles", "no"], check=True)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "ignored.txt").touch()
    release.check_source("1.0.0", None)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "draft.txt").touch()
    with pytest.raises(build.Problem, match="changed or new"):
        release.check_source("1.0.0", None)


@pytest.mark.skipif(release.WINDOWS, reason="the program is a script of the shell")
def test_an_archive_is_unpacked_and_its_program_tests_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "made" / contents.NAME / contents.CONSOLE
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\n[ "$1" = --self-test ] && echo "self-test passed" || echo "cmi-gui 1.0.0"\n')
    program.chmod(0o755)
    archive = Path(shutil.make_archive(str(tmp_path / "bundle"), "xztar", tmp_path / "made"))
    work = tmp_path / "work"
    work.mkdir()
    release.try_archive(archive, "1.0.0", work)
    assert "cmi-gui-console: self-test passed (" in capsys.readouterr().out
    with pytest.raises(build.Problem, match=r"--version printed 'cmi-gui 1\.0\.0'"):
        release.try_archive(archive, "1.0.1", work)


def test_the_sums_are_of_every_file_but_themselves_and_the_notes(tmp_path: Path) -> None:
    (tmp_path / "b.whl").write_bytes(b"two")
    (tmp_path / "a.tar.xz").write_bytes(b"one")
    (tmp_path / "SHA256SUMS.sig").write_bytes(b"old")
    (tmp_path / "NOTES.txt").write_bytes(b"the text of the release")
    for _ in range(2):
        release.write_sums(tmp_path)
        one, two = (hashlib.sha256(text).hexdigest() for text in (b"one", b"two"))
        assert (tmp_path / "SHA256SUMS").read_bytes() == f"{one} *a.tar.xz\n{two} *b.whl\n".encode()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is missing")
def test_a_signature_holds_for_these_sums_only(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    signers = tmp_path / "signers"
    signers.write_text(f"release@cmi-gui {key.with_suffix('.pub').read_text()}")
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "a.whl").write_bytes(b"one")
    release.write_sums(folder)
    sums = folder / "SHA256SUMS"
    for _ in range(2):
        release.sign(sums, key)

    def verify() -> int:
        # The command of docs/building.md.
        command = ["ssh-keygen", "-Y", "verify", "-n", release.NAMESPACE, "-I", "release@cmi-gui", "-f", str(signers)]
        command += ["-s", str(sums.with_name("SHA256SUMS.sig"))]
        return subprocess.run(command, input=sums.read_bytes(), capture_output=True, check=False).returncode

    assert verify() == 0
    sums.write_bytes(sums.read_bytes().replace(b"a.whl", b"b.whl"))
    assert verify() != 0
    with pytest.raises(build.Problem, match="could not sign"):
        release.sign(sums, tmp_path / "no key")


# The installer


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of Windows with the usual kinds of names."""
    folder = tmp_path / "cmi-gui"
    for name in ("cmi-gui.exe", "cmi-gui-console.exe", "_internal/a b/deep/x.dll", "_internal/åäö.txt", "LICENSE"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    listed = [f"0 *{path.relative_to(folder).as_posix()}\n" for path in folder.rglob("*") if path.is_file()]
    (folder / "SHA256SUMS").write_text("".join(listed), encoding="utf-8")
    return folder


def test_what_is_installed_is_what_is_removed(bundle: Path) -> None:
    files = installer.bundled_files(bundle)
    assert set(files) == {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    lines = installer.file_macros(bundle, files).splitlines()
    installed = {line.split('"')[1] for line in lines if line.startswith("File ")}
    assert installed == {str(bundle / file) for file in files}
    removed = {line.split('"')[1] for line in lines if line.startswith("Delete ")}
    assert removed == {"$INSTDIR\\" + file.replace("/", "\\") for file in files}
    folders = [line.split('"')[1] for line in lines if line.startswith("RMDir ")]
    assert folders == ["$INSTDIR\\_internal\\a b\\deep", "$INSTDIR\\_internal\\a b", "$INSTDIR\\_internal"]
    assert not any("/r" in line for line in lines)


def test_a_bundle_of_another_system_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "cmi-gui.exe").unlink()
    with pytest.raises(build.Problem, match="is no bundle for Windows"):
        installer.make_installer(bundle, "1.0.0", tmp_path / "setup.exe")


def test_a_missing_compiler_is_named(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "makensis", lambda: None)
    with pytest.raises(build.Problem, match="makensis is missing; install NSIS"):
        installer.make_installer(bundle, "1.0.0", tmp_path / "setup.exe")


@pytest.mark.skipif(installer.makensis() is None, reason="NSIS is missing")
def test_the_script_compiles_without_a_warning(bundle: Path, tmp_path: Path) -> None:
    setup = tmp_path / installer.installer_name("1.2.3.dev4")
    installer.make_installer(bundle, "1.2.3.dev4", setup)
    assert setup.read_bytes()[:2] == b"MZ"
