"""The scripts of packaging/, loaded by file, because on the path they would hide the library `packaging`."""

from __future__ import annotations

import sys

from tests.helpers.scripts import CHECKOUT, load_script

__all__ = ["PACKAGING", "build", "contents", "installer", "papers", "release", "translations"]

PACKAGING = CHECKOUT / "packaging"

translations = load_script("packaging/translations")
contents = sys.modules["contents"] = load_script("packaging/contents")
papers = sys.modules["papers"] = load_script("packaging/papers")
# The scripts import each other by name; the names are removed afterwards.
try:
    build = sys.modules["build"] = load_script("packaging/build")
    installer = sys.modules["installer"] = load_script("packaging/installer")
    release = load_script("packaging/release")
finally:
    for name in ("contents", "papers", "build", "installer"):
        sys.modules.pop(name, None)
