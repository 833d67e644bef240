"""The lines of a TOML text on which its tables and keys stand, for errors in it; `tomllib` does not tell them."""

from __future__ import annotations

import re

Place = tuple[str | int, ...]
"""A path of keys and of positions in arrays of tables, such as `("module", 0, "address")`."""

_STRING_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_PART = r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*"""
_TABLE = re.compile(rf"\s*(\[\[?)({_PART}(?:\.{_PART})*)\]")
_KEY = re.compile(rf"{_PART}[.=]", re.ASCII)


def line_numbers(text: str) -> dict[Place, int]:
    """Return the number of the line, from 1, of each table and of each key at its beginning, in valid TOML."""
    # Without strings and comments, brackets and line feeds are those of the structure.
    plain = _STRING_OR_COMMENT.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text)
    places: dict[Place, int] = {}
    arrays: dict[Place, int] = {}
    table: Place = ()
    depth = 0
    for number, (line, structure) in enumerate(zip(text.split("\n"), plain.split("\n"), strict=True), 1):
        is_header = depth == 0 and structure.lstrip().startswith("[")
        if is_header and (header := _TABLE.match(line)) is not None:
            table = ()
            for part in re.findall(_PART, header[2]):
                table = (*table, part.strip("\"'"))
                if table in arrays:
                    table = (*table, arrays[table])
            if header[1] == "[[":
                table = table if table not in arrays and not isinstance(table[-1], int) else table[:-1]
                arrays[table] = arrays.get(table, -1) + 1
                table = (*table, arrays[table])
            places.setdefault(table, number)
            continue
        if depth == 0 and "=" in structure and (key := _KEY.match(line)) is not None:
            places.setdefault((*table, key[1].strip("\"'")), number)
        depth += structure.count("[") + structure.count("{") - structure.count("]") - structure.count("}")
    return places
