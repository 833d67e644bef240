"""The passwords of a site, and the lock of its file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.passwords import known_passwords, password_store, wanted_passwords
from cmi_gui.engine.site.site_file import SiteError
from cmi_gui.engine.site.site_lock import lock_site


def test_each_site_has_passwords_of_its_own(tmp_path: Path) -> None:
    eken, linden = tmp_path / "eken.site.toml", tmp_path / "linden.site.toml"
    password_store(tmp_path, eken, use_keyring=False).set("p1", Secret("Hx7#qW2k"))
    again = password_store(tmp_path, eken, use_keyring=False)
    assert known_passwords(again, ["p1", "p2"]) == {"p1": Secret("Hx7#qW2k")}
    assert known_passwords(password_store(tmp_path, linden, use_keyring=False), ["p1"]) == {}
    assert again.path is not None
    assert again.path.parent != tmp_path
    assert again.path.stat().st_mode & 0o077 == 0 or os.name != "posix"


@pytest.mark.parametrize("known", ["folder", "site"])
def test_without_a_file_or_a_folder_they_are_in_memory_only(known: str, tmp_path: Path) -> None:
    folder = tmp_path if known == "folder" else None
    store = password_store(folder, tmp_path / "x.site.toml" if known == "site" else None, use_keyring=True)
    store.set("p1", Secret("Hx7#qW2k"))
    assert known_passwords(store, ["p1"]) == {"p1": Secret("Hx7#qW2k")}
    assert [*tmp_path.iterdir()] == []


def test_wanted_passwords_are_named_once() -> None:
    modules = [SiteModule(wanted_secrets=["p1", "p2"]), SiteModule(), SiteModule(wanted_secrets=["p2", "p1"])]
    assert wanted_passwords(modules) == ["p1", "p2"]


def test_only_one_program_works_on_a_site(tmp_path: Path) -> None:
    path = tmp_path / "new" / "eken.site.toml"
    with lock_site(path):
        with pytest.raises(SiteError, match="in use by another program"):
            lock_site(path)
        lock_site(tmp_path / "other.site.toml").release()
    lock = lock_site(path)
    lock.release()
    lock.release()
    lock_site(path).release()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SiteError, match=r"eken\.site\.toml.*copy the site to a folder that can be written"):
        lock_site(tmp_path / "file" / "eken.site.toml")
