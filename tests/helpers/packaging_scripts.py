"""The scripts of packaging/, loaded by file, because on the path they would hide the library `packaging`."""

from __future__ import annotations

import sys

from tests.helpers.scripts import CHECKOUT, load_script

__all__ = ["PACKAGING", "build", "contents", "papers", "translations"]

PACKAGING = CHECKOUT / "packaging"

translations = load_script("packaging/translations")
contents = sys.modules["contents"] = load_script("packaging/contents")
papers = sys.modules["papers"] = load_script("packaging/papers")
# The scripts import each other by name; the names are removed afterwards.
try:
    build = load_script("packaging/build")
finally:
    del sys.modules["contents"], sys.modules["papers"]
