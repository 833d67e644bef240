"""The system's keyring, used only where it answers without a dialog.

The module needs its passwords on unattended machines and while it serves a bus, so a keyring that would open a dialog
or does not answer in time counts as unusable. `keyring` is imported only at the first look-up, because it loads much of
the system's cryptography.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from cmi_gui.engine.messages import Message, quoted

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


T = TypeVar("T")

DEADLINE: Final = 3.0
"""Longest time for one answer of the keyring, in seconds; normally it takes milliseconds."""

SERVICE: Final = "cmi-gui"
"""The name under which the keyring shows our entries."""


class KeyringUnusable(Exception):
    """The keyring cannot be used; the text gives the reason in a few words and never contains a password."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class KeyringKind:
    """A backend of `keyring` that can be used without a dialog.

    `name`: its common name. `is_open`: returns whether it would answer without a dialog.
    """

    name: str
    is_open: Callable[[KeyringBackend], bool]


def _secret_service_is_open(backend: KeyringBackend) -> bool:
    """Return whether the collection used by `keyring` exists and is unlocked; otherwise a dialog would open."""
    import secretstorage

    chosen: str | None = getattr(backend, "preferred_collection", None)
    with closing(secretstorage.dbus_init()) as connection:
        try:
            collection = (
                secretstorage.get_collection_by_alias(connection, "default")
                if chosen is None
                else secretstorage.Collection(connection, chosen)
            )
        except secretstorage.ItemNotFoundException:
            return False
        return not collection.is_locked()


KINDS: Mapping[str, KeyringKind] = {
    "keyring.backends.SecretService.Keyring": KeyringKind("Secret Service", _secret_service_is_open),
    "keyring.backends.Windows.WinVaultKeyring": KeyringKind("Windows Credential Manager", lambda _: True),
}
"""By the class of the backend. Not here: backends that may open a dialog without any way to know before (the
macOS keychain, KWallet's own interface, encrypted files), and plain files, which the program writes more safely."""


class SystemKeyring:
    """The keyring that the user or the system has chosen, looked up at its first use.

    Its methods except `problem` raise KeyringUnusable, after `DEADLINE` seconds at the latest. `name`: its common name,
    empty until it is found. `unusable`: why it must not be used; None if it may be.
    """

    def __init__(self, unusable: Message | None = None) -> None:
        self.name = ""
        self._unusable = unusable
        self._found: tuple[KeyringBackend, KeyringKind] | None = None

    def problem(self) -> Message | None:
        """Return why the keyring cannot be used now, or None if it can."""
        try:
            self._run(lambda _: None)
        except KeyringUnusable as error:
            return error.message
        return None

    def get_password(self, user: str) -> str | None:
        """Return the password of `user`, or None if there is none."""
        return self._run(lambda backend: backend.get_password(SERVICE, user))

    def set_password(self, user: str, reveal: Callable[[], str]) -> None:
        """Store the password that `reveal` returns, so that no frame outside the keyring's thread holds it."""
        self._run(lambda backend: backend.set_password(SERVICE, user, reveal()))

    def delete_password(self, user: str) -> None:
        """Delete the existing password of `user`."""
        self._run(lambda backend: backend.delete_password(SERVICE, user))

    def _run(self, work: Callable[[KeyringBackend], T]) -> T:
        """Run `work` with the backend in a separate thread and return its result. Raises KeyringUnusable.

        Of other errors only the class name is used: their text and the variables of their frames could hold a password.
        """
        answers: queue.SimpleQueue[tuple[T] | Message] = queue.SimpleQueue()

        def run() -> None:
            try:
                answers.put((work(self._open()),))
            except KeyringUnusable as error:
                answers.put(error.message)
            except BaseException as error:
                answers.put(quoted(type(error).__name__))

        if self._unusable is not None:
            raise KeyringUnusable(self._unusable)
        threading.Thread(target=run, name="keyring", daemon=True).start()
        try:
            answer = answers.get(timeout=DEADLINE)
        except queue.Empty:
            # Each further request would delay the program as long.
            answer = self._unusable = Message("it did not answer")
        if isinstance(answer, Message):
            raise KeyringUnusable(answer)
        return answer[0]

    def _open(self) -> KeyringBackend:
        if self._found is None:
            self._found = _choose()
            self.name = self._found[1].name
        backend, kind = self._found
        if not kind.is_open(backend):
            raise KeyringUnusable(Message("it is locked"))
        return backend


def _choose() -> tuple[KeyringBackend, KeyringKind]:
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    for backend in chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]:
        kind = KINDS.get(f"{type(backend).__module__}.{type(backend).__qualname__}")
        if kind is not None:
            return backend, kind
    raise KeyringUnusable(Message("there is no keyring that works without a dialog"))
