"""The system's keyring, used only where it answers by itself, without asking anybody for anything.

The module needs its passwords on machines where nobody sits, and while it answers a bus: a keyring that would open a
dialog, or that does not answer in time, counts as unusable. `keyring` is imported only when something is looked up,
because it loads a good part of the system's cryptography.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from cmi_gui.engine.messages import Listing, Message

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


T = TypeVar("T")

DEADLINE: Final = 3.0
"""Seconds that the keyring may take for one answer; a healthy one takes milliseconds."""

SERVICE: Final = "cmi-gui"
"""Under which name the keyring shows our entries."""


_SILENT = Message("it did not answer")


class KeyringUnusable(Exception):
    """The keyring cannot be used; the text says why, in a few words, and never holds a password."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class KeyringKind:
    """A backend of `keyring` that we know how to use without a dialog.

    `name`: what a person calls it. `is_open`: whether it would answer without asking for anything.
    """

    name: str
    is_open: Callable[[KeyringBackend], bool]


def _always_open(backend: KeyringBackend) -> bool:
    return True


def _secret_service_is_open(backend: KeyringBackend) -> bool:
    """Whether the collection that `keyring` would use exists and is unlocked: it would ask for either."""
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
    "keyring.backends.Windows.WinVaultKeyring": KeyringKind("Windows Credential Manager", _always_open),
}
"""By the class of the backend. Not here: those that may open a dialog and do not tell before (the macOS keychain,
KWallet's own interface, encrypted files), and plain files, which the program writes better itself."""


class SystemKeyring:
    """One usable backend. Its methods raise KeyringUnusable, and take at most `DEADLINE` seconds."""

    def __init__(self, backend: KeyringBackend, kind: KeyringKind) -> None:
        self.name = kind.name
        self._backend = backend
        self._kind = kind
        self._given_up = False

    def check(self) -> None:
        """Raises KeyringUnusable unless it would answer now."""
        self._ask(lambda: None)

    def get(self, user: str) -> str | None:
        """The password of `user`, or None if there is none."""
        return self._ask(lambda: self._backend.get_password(SERVICE, user))

    def set(self, user: str, reveal: Callable[[], str]) -> None:
        """Keep the password that `reveal` returns; no frame outside the keyring's own thread holds it."""
        self._ask(lambda: self._backend.set_password(SERVICE, user, reveal()))

    def delete(self, user: str) -> None:
        """Forget a password that is there."""
        self._ask(lambda: self._backend.delete_password(SERVICE, user))

    def _ask(self, work: Callable[[], T]) -> T:
        if self._given_up:
            raise KeyringUnusable(_SILENT)

        def unlocked() -> T:
            if not self._kind.is_open(self._backend):
                raise KeyringUnusable(Message("it is locked"))
            return work()

        try:
            return _in_time(unlocked)
        except TimeoutError:
            # Each further question would hold the program up as long.
            self._given_up = True
        raise KeyringUnusable(_SILENT)


def find_keyring() -> SystemKeyring:
    """The keyring that the user or the system has chosen. Raises KeyringUnusable."""
    try:
        return _in_time(_choose)
    except TimeoutError:
        pass
    raise KeyringUnusable(_SILENT)


def _choose() -> SystemKeyring:
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    for backend in chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]:
        kind = KINDS.get(f"{type(backend).__module__}.{type(backend).__qualname__}")
        if kind is not None:
            return SystemKeyring(backend, kind)
    raise KeyringUnusable(Message("there is none that answers without a dialog"))


def _in_time(work: Callable[[], T]) -> T:
    """Do `work` in a thread. Raises TimeoutError, or KeyringUnusable for whatever it raises.

    Nothing of the original error is kept but its name: its text, and the variables of its frames, could hold a
    password.
    """
    answers: queue.SimpleQueue[tuple[T] | KeyringUnusable] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(),))
        except KeyringUnusable as error:
            answers.put(KeyringUnusable(error.message))
        except BaseException as error:
            answers.put(KeyringUnusable(Listing("", (type(error).__name__,))))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        answer = answers.get(timeout=DEADLINE)
    except queue.Empty:
        answer = None
    if answer is None:
        raise TimeoutError
    if isinstance(answer, KeyringUnusable):
        raise answer
    return answer[0]
