"""The module's memory: its settings and passwords, with events for every change."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cmi_gui.engine.cmi1020.control import MeterControl
from cmi_gui.engine.cmi1020.interfaces import Emit
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore
from cmi_gui.engine.events import Notice, SettingChanged
from cmi_gui.engine.messages import Message, marked


class Memory:
    """The settings and passwords of one module. A change takes effect at once, is reported, and is saved.

    `settings`: the present ones. `problem`: why they are factory values although a file existed; None if they are not,
    or once the error was cleared.
    """

    def __init__(self, store: SettingsStore, secrets: SecretStore, emit: Emit) -> None:
        self.settings, self.problem = store.load()
        self._store = store
        self._secrets = secrets
        self._emit = emit
        self._reported_storage: Message | None = None

    def change(self, settings: ModuleSettings, control: MeterControl, now: float) -> None:
        """Apply and save new settings. They apply even if they cannot be saved, which a notice reports."""
        before, self.settings = self.settings, settings
        if settings == before:
            return
        for name, value in msgspec.structs.asdict(settings).items():
            if value != getattr(before, name):
                self._emit(SettingChanged(name=name, value=str(value)), now)
        control.settings_changed(before, settings, now)
        try:
            self._store.save(settings)
        except OSError as error:
            message = Message("the settings cannot be saved: {0} ({1})", (str(error.strerror), str(error.filename)))
            self._emit(Notice(level="error", code="settings_not_kept", message=message), now)

    def change_secret(self, name: str, secret: Secret | None, control: MeterControl, now: float) -> None:
        """Store a new password, or delete it (None); a notice reports a new place of storage, or a failure."""
        try:
            self._secrets.set(name, secret)
        except OSError as error:
            template = marked("a password could not be saved: {0}")
            if secret is None:
                template = marked("a password could not be deleted from its storage: {0}")
            message = Message(template, (error.strerror or str(error),))
            self._emit(Notice(level="error", code="settings_not_kept", message=message), now)
        else:
            where = self._secrets.where
            if secret is not None and where != self._reported_storage:
                self._reported_storage = where
                message = Message("the {0} password is stored {1}", (name.upper(), where))
                self._emit(Notice(level="info", code="password_kept", message=message), now)
        self._emit(SettingChanged(name=name, value="**"), now)
        control.passwords_changed(now)

    def restore_factory(self, secrets: Iterable[str], control: MeterControl, now: float) -> None:
        """Restore factory values and delete the passwords named in `secrets`."""
        for name in secrets:
            if self._secrets.get(name) is not None:
                self.change_secret(name, None, control, now)
        self.change(ModuleSettings(), control, now)
        control.passwords_changed(now)
