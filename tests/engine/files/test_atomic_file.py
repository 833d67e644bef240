"""Atomic writing of files."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from cmi_gui.engine.files import atomic_file
from cmi_gui.engine.files.atomic_file import remove_leftovers, set_aside, write_atomically, writing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_content_replaces_the_old_and_leaves_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.toml"
    write_atomically(path, b"one, which is longer")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(path.parent) == ["a.toml"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_reads_the_file_and_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.toml"
    before = os.umask(0)
    try:
        write_atomically(path, b"")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_nothing_is_written_where_there_are_no_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    make = atomic_file.tempfile.mkstemp

    def on_fat(*args: str, **kwargs: object) -> tuple[int, str]:
        handle, name = make(*args, **kwargs)  # type: ignore[call-overload]
        os.chmod(name, 0o755)
        return handle, name

    monkeypatch.setattr(atomic_file.tempfile, "mkstemp", on_fat)
    with pytest.raises(PermissionError, match="from other users") as caught:
        write_atomically(path, b"secret")
    assert caught.value.filename == str(path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.toml"
    write_atomically(path, b"old")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device", "the temporary name")

    monkeypatch.setattr(os, step, full_disk)
    with pytest.raises(OSError, match="No space") as caught:
        write_atomically(path, b"new")
    assert (caught.value.filename, caught.value.filename2) == (str(path), None)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.toml"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_atomically(tmp_path / "file" / "a.toml", b"")


class Scanner:
    """A virus scanner on Windows, which prevents the first `times` attempts to replace a file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.left = times
        self.pauses: list[float] = []
        self.replace = os.replace
        monkeypatch.setattr(atomic_file, "_IS_WINDOWS", True)
        monkeypatch.setattr(os, "replace", self.attempt)
        monkeypatch.setattr(time, "sleep", self.pauses.append)

    def attempt(self, source: Path, target: Path) -> None:
        if self.left:
            self.left -= 1
            raise PermissionError(13, "Access is denied", str(source))
        self.replace(source, target)


@pytest.mark.parametrize("times", [0, 1, 7])
def test_windows_waits_for_a_virus_scanner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    scanner = Scanner(monkeypatch, times)
    write_atomically(tmp_path / "a.toml", b"new")
    assert names(tmp_path) == ["a.toml"]
    assert len(scanner.pauses) == times


def test_windows_does_not_wait_endlessly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    scanner = Scanner(monkeypatch, 1000)
    with pytest.raises(PermissionError) as caught:
        write_atomically(path, b"new")
    assert caught.value.filename == str(path)
    assert sum(scanner.pauses) < 0.5
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.toml"]


@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX")
@pytest.mark.parametrize(("number", "raises"), [(22, False), (95, False), (5, True)])
def test_only_a_broken_disk_makes_syncing_a_folder_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, raises: bool
) -> None:
    path = tmp_path / "a.toml"
    sync = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    if raises:
        with pytest.raises(OSError, match=r"a\.toml"):
            write_atomically(path, b"new")
    else:
        write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_only_leftovers_of_this_file_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    write_atomically(path, b"kept")
    for name in (".a.toml-abc.tmp", ".a.toml-x_1.tmp", ".b.toml-abc.tmp", "a.toml-abc.tmp", ".a.toml-abc.toml"):
        (tmp_path / name).write_bytes(b"half")
    remove_leftovers(path)
    assert names(tmp_path) == [".a.toml-abc.toml", ".b.toml-abc.tmp", "a.toml", "a.toml-abc.tmp"]
    remove_leftovers(tmp_path / "no folder" / "a.toml")


def test_the_leftover_of_a_killed_write_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(os, "fsync", kill)
    monkeypatch.setattr(Path, "unlink", kill)  # a killed program removes nothing
    with pytest.raises(Killed):
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert len(names(tmp_path)) == 1
    remove_leftovers(path)
    assert names(tmp_path) == []


def test_damaged_files_get_different_names(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    asides = []
    for content in (b"1", b"2"):
        path.write_bytes(content)
        asides.append(set_aside(path))
    assert [aside.read_bytes() for aside in asides] == [b"1", b"2"]
    assert all(aside.name.startswith("a-damaged-2") and aside.suffix == ".toml" for aside in asides)
    assert not path.exists()


def test_a_user_s_file_can_be_on_a_file_system_without_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a USB stick, whose file system gives all users access to every file."""
    real = os.fstat

    def accessible_to_all(descriptor: int) -> os.stat_result:
        found = list(real(descriptor))
        found[0] |= 0o777
        return os.stat_result(found)

    monkeypatch.setattr("cmi_gui.engine.files.atomic_file.os.fstat", accessible_to_all)
    path = tmp_path / "stick" / "readings.csv"
    if os.name == "posix":
        with pytest.raises(PermissionError):
            write_atomically(path, b"content")
        assert names(path.parent) == []
    write_atomically(path, b"content", private=False)
    assert path.read_bytes() == b"content"
    assert names(path.parent) == ["readings.csv"]


def test_a_file_is_written_in_steps_and_keeps_its_content_until_the_last(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_atomically(path, b"old")
    steps = writing(path, [b"one ", b"two"])
    next(steps)
    next(steps)
    assert path.read_bytes() == b"old"
    assert list(steps) == []
    assert path.read_bytes() == b"one two"
    given_up = writing(path, [b"three", b"four"])
    next(given_up)
    assert len(names(tmp_path)) == 2
    given_up.close()
    assert path.read_bytes() == b"one two"
    assert names(tmp_path) == ["a.csv"]
