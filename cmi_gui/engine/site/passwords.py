"""The passwords that are written to the modules of a site: asked for once, and kept in the system's keyring."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.site.model import SiteModule

_NUMBERS = 10**8


def password_store(folder: Path | None, site: Path | None, *, use_keyring: bool) -> SecretStore:
    """Return the passwords of the site in the file `site`; without a file or a state folder in memory only.

    They are in the system's keyring, or in a file in `folder`, the state folder, that only its owner can read. Raises
    OSError if the folder for that file cannot be made.
    """
    if folder is None or site is None:
        return SecretStore(None, "0" * 8)
    kept = folder / "sites"
    kept.mkdir(exist_ok=True)
    # The store names its entries by eight digits; the path of a site has as many from its digest.
    digest = hashlib.sha256(str(site.absolute()).encode("utf-8", "surrogateescape")).digest()
    number = int.from_bytes(digest[:8], "big") % _NUMBERS
    return SecretStore(kept, f"{number:08d}", use_keyring=use_keyring)


def wanted_passwords(modules: Iterable[SiteModule]) -> list[str]:
    """Return the ids of the passwords that are to be written to modules, each once."""
    return list(dict.fromkeys(name for module in modules for name in module.wanted_secrets))


def known_passwords(store: SecretStore, names: Iterable[str]) -> dict[str, Secret]:
    """Return those of the passwords that the store has, by id."""
    found = {name: store.get(name) for name in names}
    return {name: secret for name, secret in found.items() if secret is not None}
