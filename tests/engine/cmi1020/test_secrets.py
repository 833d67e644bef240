"""Passwords: stored where only their owner can read them, and never shown."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import os
import pickle
import pprint
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from cmi_gui.engine.cmi1020 import secrets, system_keyring
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.system_keyring import KeyringKind

SERIAL = "12345678"
CLEAR = "p4ssw0rd"
OTHER = "0ther-on"


def text_of(store: SecretStore, name: str) -> str | None:
    secret = store.get(name)
    return None if secret is None else secret.reveal()


# Secret


def test_a_secret_reveals_its_text() -> None:
    secret = Secret(CLEAR)
    assert secret.reveal() == CLEAR
    assert secret == Secret(CLEAR)
    assert secret != Secret(OTHER)
    assert secret != CLEAR
    assert len({secret, Secret(CLEAR), Secret(OTHER)}) == 2


@dataclasses.dataclass(frozen=True)
class Holder:
    secret: Secret


class StructHolder(msgspec.Struct):
    secret: Secret


SHOWN: list[Callable[[Secret], object]] = [
    str,
    repr,
    ascii,
    lambda secret: f"{secret}",
    lambda secret: f"{secret!r:>20}",
    lambda secret: f"{secret:>20}",
    lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - this form too
    lambda secret: "{} {:5}".format(secret, secret),  # noqa: UP032
    lambda secret: [secret],
    lambda secret: {"p1": secret},
    Holder,
    StructHolder,
    lambda secret: pprint.pformat({"p1": secret}),
    lambda secret: copy.deepcopy(Holder(secret)),
    lambda secret: dataclasses.asdict(Holder(secret)),
    lambda secret: copy.copy(secret),
    lambda secret: ValueError(secret),
    lambda secret: [(name, getattr(secret, name)) for name in dir(secret)],
    lambda secret: logging.LogRecord("x", 30, "x", 1, "%s %r", (secret, secret), None).getMessage(),
]


@pytest.mark.parametrize("show", SHOWN)
def test_a_secret_is_never_shown(show: Callable[[Secret], object]) -> None:
    shown = repr(show(Secret(CLEAR)))
    assert CLEAR not in shown
    assert "**" in shown or "reveal" in shown


@pytest.mark.parametrize(
    "store", [json.dumps, msgspec.json.encode, msgspec.msgpack.encode, msgspec.to_builtins, pickle.dumps]
)
@pytest.mark.parametrize("wrap", [lambda secret: secret, Holder, StructHolder, lambda secret: {"p1": secret}])
def test_a_secret_cannot_be_stored_by_accident(
    store: Callable[[object], object], wrap: Callable[[Secret], object]
) -> None:
    with pytest.raises(TypeError) as caught:
        store(wrap(Secret(CLEAR)))
    assert CLEAR not in str(caught.value)


def test_a_secret_is_not_shown_in_a_traceback_with_variables(caplog: pytest.LogCaptureFixture) -> None:
    def use(secret: Secret) -> None:
        raise RuntimeError(f"refused: {secret}")

    try:
        use(Secret(CLEAR))
    except RuntimeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        logging.getLogger("test").exception("failed")
    assert "secret = **" in shown
    assert "refused: **" in shown
    assert CLEAR not in shown + caplog.text


@pytest.mark.parametrize("text", ["", "p4ss\ud800w0rd"])
def test_invalid_passwords(text: str) -> None:
    with pytest.raises(ValueError, match="a password") as caught:
        Secret(text)
    variables = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack[-1].locals
    assert "p4ss" not in str(variables)
    assert "p4ss" not in str(caught.value)


# The file


def test_passwords_survive_in_a_file_of_their_owner(tmp_path: Path) -> None:
    store = SecretStore(tmp_path / "new", SERIAL)
    assert store.get("p1") is None
    store.set("p1", Secret(CLEAR))
    store.set("p2", Secret(OTHER))
    again = SecretStore(tmp_path / "new", SERIAL)
    assert (text_of(again, "p1"), text_of(again, "p2"), again.problem) == (CLEAR, OTHER, None)
    again.set("p1", None)
    last = SecretStore(tmp_path / "new", SERIAL)
    assert (text_of(last, "p1"), text_of(last, "p2")) == (None, OTHER)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secrets.toml"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_the_file_and_its_place(tmp_path: Path) -> None:
    store = SecretStore(tmp_path, SERIAL)
    path = tmp_path / "secrets.toml"
    assert str(store.where) == f"in {path}, which only its owner can read"
    assert not path.exists()
    before = os.umask(0)
    try:
        store.set("p1", Secret(CLEAR))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8") == f'{secrets._HEADING}[12345678]\np1 = "{CLEAR}"\n'
    assert str(store.where) == f"in {path}, which only its owner can read"


@pytest.mark.parametrize(
    ("home", "words"), [("", "in the user's own profile"), ("x", "anyone with access to its folder")]
)
def test_the_place_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, words: str) -> None:
    store = SecretStore(tmp_path, SERIAL)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / home)
    monkeypatch.setattr(secrets, "_IS_POSIX", False)
    assert words in str(store.where)


@given(
    first=st.text(st.characters(codec="utf-8"), min_size=1), second=st.text(st.characters(codec="utf-8"), min_size=1)
)
def test_any_text_is_restored(tmp_path_factory: pytest.TempPathFactory, first: str, second: str) -> None:
    folder = tmp_path_factory.mktemp("state")
    store = SecretStore(folder, SERIAL)
    store.set("p1", Secret(first))
    store.set("p2", Secret(second))
    again = SecretStore(folder, SERIAL)
    assert (text_of(again, "p1"), text_of(again, "p2")) == (first, second)


def test_modules_do_not_share_passwords(tmp_path: Path) -> None:
    SecretStore(tmp_path, SERIAL).set("p1", Secret(CLEAR))
    other = SecretStore(tmp_path, "87654321")
    assert other.get("p1") is None
    other.set("p1", Secret(OTHER))
    assert text_of(SecretStore(tmp_path, SERIAL), "p1") == CLEAR


@pytest.mark.parametrize("serial", ["1234567", "1234567A", "", "12345678\n"])
def test_a_serial_number_has_eight_digits(serial: str) -> None:
    with pytest.raises(ValueError, match="8 decimal digits"):
        SecretStore(None, serial)


@pytest.mark.parametrize("name", ["", "P1", "1", "p 1", "p1\n"])
def test_invalid_names(name: str) -> None:
    with pytest.raises(ValueError, match="not a valid name"):
        SecretStore(None, SERIAL).set(name, Secret(CLEAR))


def test_without_a_folder_passwords_are_in_memory_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keyring, "get_keyring", lambda: pytest.fail("the keyring must not be used"))
    store = SecretStore(None, SERIAL, use_keyring=True)
    store.set("p1", Secret(CLEAR))
    assert text_of(store, "p1") == CLEAR
    assert str(store.where) == "in memory only"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        f'[12345678]\np1 = "{CLEAR}',
        f'[12345678]\np1 = "{CLEAR}"\np1 = "{CLEAR}"',
        f'p1 = "{CLEAR}"',
        f'[1234567]\np1 = "{CLEAR}"',
        f"[12345678]\n{CLEAR} = 5",
        f'[12345678]\np1 = {{kept_in = "{CLEAR}"}}',
        f'[12345678]\np1 = {{{CLEAR} = "keyring"}}',
        '[12345678]\np1 = ""',
        f'[12345678]\n"{CLEAR} x" = "a"',
        "p1 = " + "[" * 100_000,
        "",
    ],
)
def test_a_damaged_file_is_renamed_and_not_quoted(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.toml").write_text(content, encoding="utf-8")
    (tmp_path / "secrets.toml").chmod(0o600)
    store = SecretStore(tmp_path, SERIAL)
    assert store.get("p1") is None
    (aside,) = tmp_path.iterdir()
    assert aside.read_text(encoding="utf-8") == content
    assert store.problem is not None
    assert str(tmp_path / "secrets.toml") in str(store.problem)
    assert aside.name in str(store.problem)
    assert CLEAR not in str(store.problem)
    assert SecretStore(tmp_path, SERIAL).problem is None


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_bytes(b"\xff" + CLEAR.encode())
    problem = SecretStore(tmp_path, SERIAL).problem
    assert problem is not None
    assert CLEAR not in str(problem)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_restricted_and_reported(tmp_path: Path, mode: int) -> None:
    SecretStore(tmp_path, SERIAL).set("p1", Secret(CLEAR))
    path = tmp_path / "secrets.toml"
    path.chmod(mode)
    store = SecretStore(tmp_path, SERIAL)
    assert text_of(store, "p1") == CLEAR
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.problem is not None
    assert "other users" in str(store.problem)
    assert SecretStore(tmp_path, SERIAL).problem is None


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("change", ["refused", "ignored"])
def test_a_file_that_stays_readable_for_others_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    SecretStore(tmp_path, SERIAL).set("p1", Secret(CLEAR))
    (tmp_path / "secrets.toml").chmod(0o644)

    def fchmod(descriptor: int, mode: int) -> None:
        if change == "refused":
            raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", fchmod)
    store = SecretStore(tmp_path, SERIAL)
    assert store.get("p1") is None
    assert store.problem is not None
    assert "can be read by other users" in str(store.problem)


def test_leftovers_of_a_killed_write_are_deleted(tmp_path: Path) -> None:
    SecretStore(tmp_path, SERIAL).set("p1", Secret(CLEAR))
    (tmp_path / ".secrets.toml-abcd.tmp").write_text(OTHER)
    SecretStore(tmp_path, SERIAL)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.toml"]


def test_a_full_disk_is_reported_without_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SecretStore(tmp_path, SERIAL)
    store.set("p1", Secret(CLEAR))

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space") as caught:
        store.set("p1", Secret(OTHER))
    monkeypatch.undo()
    assert caught.value.filename == str(tmp_path / "secrets.toml")
    raised = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert raised.__context__ is None
    # The last frames are those of the store; the frames of this test contain the constants.
    frames = [frame for frame in raised.stack if Path(frame.filename).name != Path(__file__).name]
    assert frames
    shown = "".join(str(frame.locals) for frame in frames) + "".join(raised.format_exception_only())
    assert CLEAR not in shown
    assert OTHER not in shown
    assert text_of(store, "p1") == OTHER, "the module uses it"
    assert str(store.where).startswith("in memory only, because ")
    assert text_of(SecretStore(tmp_path, SERIAL), "p1") == CLEAR
    store.set("p2", Secret(CLEAR))
    assert text_of(SecretStore(tmp_path, SERIAL), "p1") == OTHER
    assert "memory" not in str(store.where)


# The keyring


class FakeService(KeyringBackend):
    """A keyring in memory, registered like a known backend."""

    priority = 5  # type: ignore[assignment]
    stored: dict[tuple[str, str], str]
    error: BaseException | None
    locked: bool
    hang: threading.Event | None

    def __init__(self) -> None:
        super().__init__()
        self.stored, self.error, self.locked, self.hang = {}, None, False, None
        self.calls: list[str] = []

    def _work(self, call: str) -> None:
        self.calls.append(call)
        if self.hang is not None:
            self.hang.wait()
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._work("get")
        return self.stored.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._work("set")
        self.stored[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._work("delete")
        if (service, username) not in self.stored:
            raise PasswordDeleteError("not there")
        del self.stored[service, username]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    backend = FakeService()
    kind = KeyringKind("Test", lambda _: not backend.locked)
    monkeypatch.setattr(system_keyring, "KINDS", {f"{FakeService.__module__}.FakeService": kind})
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(system_keyring, "DEADLINE", 5.0)
    yield backend
    # Later tests must not find this backend.
    KeyringBackend._classes.discard(FakeService)  # type: ignore[attr-defined]


def test_the_keyring_stores_passwords_if_enabled(tmp_path: Path, service: FakeService) -> None:
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert str(store.where) == "in the system's keyring (Test)"
    store.set("p1", Secret(CLEAR))
    assert service.stored == {("cmi-gui", f"{SERIAL} p1"): CLEAR}
    assert CLEAR not in (tmp_path / "secrets.toml").read_text()
    again = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert text_of(again, "p1") == CLEAR
    assert str(again.where) == "in the system's keyring (Test)"
    again.set("p1", None)
    assert service.stored == {}
    assert SecretStore(tmp_path, SERIAL, use_keyring=True).get("p1") is None


def test_the_keyring_is_not_used_unless_enabled_and_needed(tmp_path: Path, service: FakeService) -> None:
    store = SecretStore(tmp_path / "a", SERIAL)
    store.set("p1", Secret(CLEAR))
    assert text_of(store, "p1") == CLEAR
    assert str(store.where).startswith("in /") or os.name == "nt"
    assert SecretStore(tmp_path / "b", SERIAL, use_keyring=True).get("p1") is None
    assert service.calls == []


def test_folders_never_share_a_password(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path / "default", SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    assert SecretStore(tmp_path / "other", SERIAL).get("p1") is None


def test_a_fetched_password_is_not_fetched_again(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    service.calls.clear()
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert text_of(store, "p1") == text_of(store, "p1") == CLEAR
    assert service.calls == ["get"]


def test_a_locked_keyring_is_not_used_and_the_file_replaces_it(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    service.calls.clear()
    service.locked = True
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert store.get("p1") is None
    assert str(store.problem) == "P1 is in the system's keyring, which cannot be used now (it is locked)"
    store.set("p2", Secret(OTHER))
    assert service.calls == [], "a call would have opened a dialog"
    assert str(store.where).startswith("in the system's keyring (Test) and in ")
    service.locked = False
    assert text_of(store, "p1") == CLEAR
    assert store.problem is None


def test_a_password_set_while_the_keyring_is_locked_is_moved_to_it_later(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    service.locked = True
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(OTHER))
    service.locked = False
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert text_of(store, "p1") == OTHER
    store.set("p2", Secret(CLEAR))
    assert OTHER not in (tmp_path / "secrets.toml").read_text()
    assert text_of(SecretStore(tmp_path, SERIAL, use_keyring=True), "p1") == OTHER
    assert str(store.where) == "in the system's keyring (Test)"


def test_a_password_deleted_while_the_keyring_is_locked_stays_deleted(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    service.locked = True
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", None)
    service.locked = False
    assert SecretStore(tmp_path, SERIAL, use_keyring=True).get("p1") is None


@pytest.mark.parametrize(
    "error", [KeyringLocked(CLEAR), RuntimeError(CLEAR), SystemExit(CLEAR), KeyboardInterrupt(CLEAR)]
)
def test_an_error_of_the_keyring_never_reaches_the_module(
    tmp_path: Path, service: FakeService, error: BaseException
) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p2", Secret(OTHER))
    service.error = error
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    store.set("p1", Secret(CLEAR))
    assert text_of(store, "p1") == CLEAR
    assert text_of(SecretStore(tmp_path, SERIAL), "p1") == CLEAR
    assert store.get("p2") is None
    assert str(store.problem) == (f"P2 is in the system's keyring, which cannot be used now ({type(error).__name__})")
    store.set("p2", None)


def test_a_keyring_that_lost_a_password(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    service.stored.clear()
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert store.get("p1") is None
    assert str(store.problem) == "P1 is no longer in the system's keyring"
    store.set("p1", Secret(OTHER))
    assert (text_of(store, "p1"), store.problem) == (OTHER, None)


def test_a_folder_whose_keyring_is_no_longer_enabled(tmp_path: Path, service: FakeService) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    store = SecretStore(tmp_path, SERIAL)
    assert store.get("p1") is None
    assert store.problem is not None
    assert "it is not enabled" in str(store.problem)
    assert "it is not enabled" in str(store.where)


def test_a_keyring_that_hangs_is_given_up(
    tmp_path: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    SecretStore(tmp_path, SERIAL, use_keyring=True).set("p1", Secret(CLEAR))
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    assert str(store.where) == "in the system's keyring (Test)"
    monkeypatch.setattr(system_keyring, "DEADLINE", 0.01)
    service.hang = threading.Event()
    service.calls.clear()
    try:
        assert store.get("p1") is None
        assert str(store.problem) == "P1 is in the system's keyring, which cannot be used now (it did not answer)"
        store.set("p2", Secret(OTHER))
        assert text_of(store, "p2") == OTHER
        assert service.calls == ["get"], "called once, and never again"
        assert text_of(SecretStore(tmp_path, SERIAL), "p2") == OTHER
    finally:
        service.hang.set()


def test_a_search_for_a_keyring_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(keyring, "get_keyring", release.wait)
    monkeypatch.setattr(system_keyring, "DEADLINE", 0.01)
    try:
        store = SecretStore(tmp_path, SERIAL, use_keyring=True)
        assert str(store.where).startswith(f"in {tmp_path}")
    finally:
        release.set()


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_backends_that_store_nothing_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: type[KeyringBackend]
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", backend)
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    store.set("p1", Secret(CLEAR))
    assert str(store.where).startswith(f"in {tmp_path}")
    assert text_of(SecretStore(tmp_path, SERIAL, use_keyring=True), "p1") == CLEAR


def test_of_a_chain_the_first_known_backend_is_used(
    tmp_path: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends.chainer import ChainerBackend

    class KnownValue(ChainerBackend):
        backends = [null.Keyring(), service]  # noqa: RUF012

    monkeypatch.setattr(keyring, "get_keyring", KnownValue)
    store = SecretStore(tmp_path, SERIAL, use_keyring=True)
    store.set("p1", Secret(CLEAR))
    assert list(service.stored.values()) == [CLEAR]
    KeyringBackend._classes.discard(KnownValue)  # type: ignore[attr-defined]


def test_keyring_is_not_loaded_before_it_is_needed(tmp_path: Path) -> None:
    """`keyring` loads much of the system's cryptography."""
    code = """
import sys
from pathlib import Path
from cmi_gui.engine.cmi1020.secrets import SecretStore
SecretStore(Path(sys.argv[1]), "12345678", use_keyring=True).get("p1")
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"keyring", "cryptography", "secretstorage"}))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
