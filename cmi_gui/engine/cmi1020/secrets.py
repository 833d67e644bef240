"""The module's passwords, stored in the system's keyring or in a file that only its owner can read, never shown."""

from __future__ import annotations

import hmac
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn

import msgspec

from cmi_gui.engine.cmi1020.settings import NAME, SURROGATE, EightDigits, ExtraName
from cmi_gui.engine.cmi1020.system_keyring import KeyringUnusable, SystemKeyring
from cmi_gui.engine.cmi1020.telegrams import has_digits
from cmi_gui.engine.files.atomic_file import FOR_OTHERS, write_atomically
from cmi_gui.engine.files.stored_file import load_stored
from cmi_gui.engine.files.toml_file import toml_values
from cmi_gui.engine.files.user_file import open_user_file
from cmi_gui.engine.messages import InvalidValue, Listing, Message, marked

MASK: Final = "**"
_IS_POSIX = os.name == "posix"


class Secret:
    """A text that appears as `**` wherever it is printed, formatted, logged or inspected.

    It cannot be pickled or put into JSON. Raises ValueError for an empty text (no password is None) and for a text with
    a surrogate.
    """

    __slots__ = ("_reveal",)

    def __init__(self, value: str) -> None:
        if not value:
            raise ValueError("a password must have at least one character")
        if SURROGATE.search(value):
            # A printed traceback may show this frame's variables.
            del value
            raise ValueError("a password must be text; this one contains an incomplete character")
        # A closure, because listings of an object's attributes show their values.
        self._reveal: Callable[[], str] = lambda: value

    def reveal(self) -> str:
        """Return the text itself, for the meter and the store only, never for display."""
        return self._reveal()

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.reveal().encode("utf-8"), other.reveal().encode("utf-8"))

    def __hash__(self) -> int:
        return hash((Secret, self.reveal()))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a password cannot be pickled")


class _InKeyring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's placeholder for a password in the keyring."""

    kept_in: Literal["keyring"] = "keyring"


_File = dict[EightDigits, dict[ExtraName, Annotated[str, msgspec.Meta(min_length=1)] | _InKeyring]]
_HEADING: Final = "# Passwords, by the serial number of the module. Only the file's owner may read them.\n\n"


class SecretStore:
    """Passwords of the module `serial` (eight digits), in `folder`; without a folder in memory only.

    The file `secrets.toml` has each password, or notes that the keyring has it. The keyring is used only with
    `use_keyring`, so that two folders never share a password; the file has the passwords that the keyring rejects. A
    keyring that hangs delays the caller once, by `system_keyring.DEADLINE` seconds. Only one program may use the
    folder.
    """

    def __init__(self, folder: Path | None, serial: str, *, use_keyring: bool = False) -> None:
        if not has_digits(serial, 8):
            raise ValueError(f"a serial number has 8 decimal digits, not {serial!r}")
        self.path = None if folder is None else folder / "secrets.toml"
        self._serial = serial
        self._keyring = SystemKeyring(None if use_keyring and folder is not None else Message("it is not enabled"))
        self._modules: dict[str, dict[str, Secret | _InKeyring]] = {}
        """By serial number and name."""
        self._fetched: dict[str, Secret] = {}
        self._problems: dict[str, Message] = {}
        """By name of the password, or `file`."""
        self._unsaved: str | None = None
        if self.path is not None:
            modules, problem = load_stored(self.path, self._parse, Message("the module has no passwords"))
            self._modules = modules or {}
            if problem is not None:
                self._problems["file"] = problem

    @property
    def problem(self) -> Message | None:
        """The problems of loading and of the last `get`s, without any file content; None if there are none."""
        return Listing("; ", tuple(self._problems.values())) if self._problems else None

    @property
    def where(self) -> Message:
        """The place where passwords are or would be stored, such as `in memory only`, without a full stop."""
        if self.path is None:
            return Message("in memory only")
        if self._unsaved is not None:
            return Message("in memory only, because {0} cannot be written ({1})", (str(self.path), self._unsaved))
        entries = self._modules.get(self._serial, {}).values()
        in_keyring = {isinstance(entry, _InKeyring) for entry in entries} or {self._keyring.problem() is None}
        places: list[Message] = []
        if True in in_keyring:
            problem = None if self._keyring.name else self._keyring.problem()
            if problem is not None:
                places.append(Message("in the system's keyring, which cannot be used now ({0})", (problem,)))
            else:
                places.append(Message("in the system's keyring ({0})", (self._keyring.name,)))
        if False in in_keyring:
            places.append(Message(_protection(self.path), (str(self.path),)))
        return places[0] if len(places) == 1 else Message("{0} and {1}", tuple(places))

    def get(self, name: str) -> Secret | None:
        """Return the password `name` (`p1`, `p2`); None if never set, or not available now (see `problem`)."""
        entry = self._modules.get(self._serial, {}).get(name)
        if not isinstance(entry, _InKeyring):
            return entry
        if name not in self._fetched:
            try:
                found = self._keyring.get_password(self._user(name))
                self._fetched[name] = Secret(found or "")
            except KeyringUnusable as error:
                template = marked("{0} is in the system's keyring, which cannot be used now ({1})")
                self._problems[name] = Message(template, (name.upper(), error.message))
                return None
            except ValueError:
                self._problems[name] = Message("{0} is no longer in the system's keyring", (name.upper(),))
                return None
        self._problems.pop(name, None)
        return self._fetched[name]

    def set(self, name: str, value: Secret | None) -> None:
        """Store a password, or delete it (None). It applies from now on even if it cannot be stored.

        Raises OSError with the file's name if it cannot be stored, ValueError for an invalid name.
        """
        if not re.match(NAME, name):
            raise ValueError(f"{name!r} is not a valid name of a password")
        entries = self._modules.setdefault(self._serial, {})
        before = entries.pop(name, None)
        if before is None and value is None:
            return
        self._fetched.pop(name, None)
        self._problems.pop(name, None)
        # Set in the keyring before the file, deleted from the file before the keyring: a kill in between leaves the
        # old password or the new one.
        if value is not None:
            entries[name] = value
            self._move_to_keyring(entries)
        failure = self._save()
        if failure is not None:
            raise failure
        if value is None and isinstance(before, _InKeyring):
            # A password that stays there is never used again, as the file no longer refers to it.
            with suppress(KeyringUnusable):
                self._keyring.delete_password(self._user(name))

    def _move_to_keyring(self, entries: dict[str, Secret | _InKeyring]) -> None:
        """Move passwords from `entries` to the keyring; those it rejects stay, which `where` shows."""
        with suppress(KeyringUnusable):
            for name, entry in entries.items():
                if isinstance(entry, Secret):
                    self._keyring.set_password(self._user(name), entry.reveal)
                    self._fetched[name], entries[name] = entry, _InKeyring()

    def _user(self, name: str) -> str:
        return f"{self._serial} {name}"

    # The file

    def _parse(self, text: str) -> dict[str, dict[str, Secret | _InKeyring]]:
        """Return the passwords in the file's text. Raises ValueError in our own words, without quoting the content."""
        self._make_private()
        try:
            modules = msgspec.convert(toml_values(text), _File)
        except (msgspec.MsgspecError, InvalidValue):
            raise InvalidValue(Message("it does not contain passwords in the format of this program")) from None
        return {
            serial: {name: Secret(value) if isinstance(value, str) else value for name, value in values.items()}
            for serial, values in modules.items()
        }

    def _make_private(self) -> None:
        """Make the file readable by its owner only. Raises ValueError if that is not possible."""
        assert self.path is not None
        if sys.platform == "win32" or not self.path.stat().st_mode & FOR_OTHERS:
            return
        with open_user_file(self.path) as file:
            with suppress(OSError):
                os.fchmod(file.fileno(), 0o600)
            # A file system without permissions accepts the change without making it.
            if os.fstat(file.fileno()).st_mode & FOR_OTHERS:
                raise InvalidValue(Message("it can be read by other users, and that cannot be changed"))
        template = marked(
            "{0} could be read by other users; access is now restricted, but they may know the passwords in it"
        )
        self._problems["file"] = Message(template, (str(self.path),))

    def _save(self) -> OSError | None:
        """Write the file. Return an error instead of raising it, as its traceback would hold the passwords."""
        if self.path is None:
            return None
        modules = {serial: entries for serial, entries in self._modules.items() if entries}
        try:
            write_atomically(self.path, _HEADING.encode() + msgspec.toml.encode(modules, enc_hook=Secret.reveal))
        except OSError as error:
            self._unsaved = error.strerror or "unknown error"
            return OSError(error.errno, self._unsaved, error.filename)
        self._unsaved = None
        return None


def _protection(path: Path) -> str:
    if _IS_POSIX:
        return marked("in {0}, which only its owner can read")
    if path.resolve().is_relative_to(Path.home().resolve()):
        return marked("in {0}, which is in the user's own profile")
    return marked("in {0}, which anyone with access to its folder can read")
