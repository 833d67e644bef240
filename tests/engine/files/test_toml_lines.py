"""The lines of tables and keys in TOML."""

from __future__ import annotations

import tomllib

import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.files.toml_lines import line_numbers

TEXT = '''format = 1 # [x]
text = """
[[module]]
address = 9
"""
[defaults]
variant = "M29"
[[module]]
name = "a [["
rate_map = [
  1,
  2]
"address" = 1
registers."1.8.0" = "1"
[module.registers]
"1.8.1" = "2"
[[module]]
name = 'b' # ]
 address= 2
'''


def test_the_lines_of_a_text() -> None:
    assert line_numbers(TEXT) == {
        ("format",): 1,
        ("text",): 2,
        ("defaults",): 6,
        ("defaults", "variant"): 7,
        ("module", 0): 8,
        ("module", 0, "name"): 9,
        ("module", 0, "rate_map"): 10,
        ("module", 0, "address"): 13,
        ("module", 0, "registers"): 14,
        ("module", 0, "registers", "1.8.1"): 16,
        ("module", 1): 17,
        ("module", 1, "name"): 18,
        ("module", 1, "address"): 19,
    }


Table = dict[str, object]
NAMES = st.text("abcdefgh", min_size=1, max_size=4)
VALUES = st.one_of(st.integers(0, 99), st.text("ab[\"#]={\\\n'", max_size=9), st.lists(st.text('[]"#', max_size=3)))
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)


@given(st.dictionaries(NAMES, VALUES, max_size=3), st.lists(TABLES, max_size=4), TABLES)
def test_each_key_is_on_its_line(top: Table, modules: list[Table], table: Table) -> None:
    values = {**top, "tables": table, **({"modules": modules} if modules else {})}
    parts = [tomli_w.dumps(each) for each in (top, table, *modules)]
    text = "\n[[modules]]\n".join(["\n[tables]\n".join(parts[:2]), *parts[2:]])
    lines = text.split("\n")
    numbers = line_numbers(text)
    assert tomllib.loads(text) == values
    for index, module in enumerate(modules):
        for key in module:
            assert lines[numbers["modules", index, key] - 1].startswith(f"{key} = ")
            assert numbers["modules", index, key] > numbers["modules", index]
    for key in table:
        assert lines[numbers["tables", key] - 1].startswith(f"{key} = ")
    for key in top:
        assert lines[numbers[key,] - 1].startswith(f"{key} = ")
