"""Make two libraries that Wine 10 lacks and the program's wheels load: `python missing_dlls.py PREFIX SITE_PACKAGES`.

- Windows has icuuc.dll; Qt6Core takes the converters of old encodings from it. The one made here has none of them.
- Wine's C library lacks the functions of complex numbers, with which numpy cannot be loaded. Its modules are changed to
  load them from a library made here, which hands on all others.

Both have just the entries that the wheels import. Neither belongs into the program: Windows has them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

MATH, OURS = "api-ms-win-crt-math-l1-1-0.dll", "npy-ms-win-crt-math-l1-1-0.dll"  # equally long
COMPLEX = re.compile(
    r"(c(?:abs|acos|acosh|arg|asin|asinh|atan|atanh|conj|cos|cosh|exp|imag|log|pow|proj|real|sin|sinh|sqrt|tan|tanh))([fl]?)"
)
COMPILER = "x86_64-w64-mingw32-gcc"
OBJDUMP = "x86_64-w64-mingw32-objdump"


def imports(files: Iterable[Path], library: str) -> set[str]:
    """Return the names that files import from a library."""
    names: set[str] = set()
    for file in files:
        printed = subprocess.run([OBJDUMP, "-p", file], capture_output=True, text=True, check=True).stdout
        for block in printed.split("DLL Name: ")[1:]:
            name, _, table = block.partition("\n")
            if name.strip().lower() == library:
                names |= set(re.findall(r"^\s+[0-9a-f]+\s+(?:<none>\s+)?[0-9a-f]+\s+(\w+)\s*$", table, re.MULTILINE))
    return names


def make(library: Path, source: str, exports: Iterable[str], *options: str) -> None:
    """Compile a library."""
    with tempfile.TemporaryDirectory() as folder:
        code, definition = Path(folder, "library.c"), Path(folder, "library.def")
        code.write_text(source)
        definition.write_text("\n".join([f'LIBRARY "{library.name}"', "EXPORTS", *exports]) + "\n")
        subprocess.run([COMPILER, "-O1", "-w", "-shared", "-o", library, code, definition, *options], check=True)


def icu(entries: Iterable[str]) -> tuple[str, list[str]]:
    """Return source and exports of an ICU without converters: opening one fails, all else returns 0."""
    source = """
        long long nothing(void) { return 0; }
        void *no_converter(const char *name, int *error) { if (error && *error <= 0) *error = 4; return 0; }
    """
    return source, [f"{name}={'no_converter' if name == 'ucnv_open' else 'nothing'}" for name in sorted(entries)]


def mathematics(entries: Iterable[str]) -> tuple[str, list[str]]:
    """Return source and exports of the mathematics of the C library; complex numbers are structures, as there."""
    lines = ["#include <complex.h>", "typedef struct {double r, i;} D; typedef struct {float r, i;} F;"]
    lines.append("#define IN(z) __builtin_complex((double)(z).r, (double)(z).i)")
    exports = []
    for name in sorted(entries):
        found = COMPLEX.fullmatch(name)
        if found is None:
            exports.append(f"{name}=ucrtbase.{name}")
            continue
        # `long double` is `double` for Windows.
        plain, kind, real = found[1], *(("F", "float") if found[2] == "f" else ("D", "double"))
        arguments, values = (f"{kind} a, {kind} b", "IN(a), IN(b)") if plain == "cpow" else (f"{kind} a", "IN(a)")
        if plain in ("cabs", "carg", "creal", "cimag"):
            lines.append(f"{real} our_{name}({arguments}) {{ return {plain}({values}); }}")
        else:
            body = f"double complex c = {plain}({values}); {kind} z = {{creal(c), cimag(c)}}; return z;"
            lines.append(f"{kind} our_{name}({arguments}) {{ {body} }}")
        exports.append(f"{name}=our_{name}")
    return "\n".join(lines), exports


def main(prefix: Path, packages: Path) -> None:
    system = prefix / "drive_c/windows/system32"
    make(system / "icuuc.dll", *icu(imports(packages.glob("PySide6/Qt6*.dll"), "icuuc.dll")), "-nostdlib", "-Wl,-e,0")
    modules = [*packages.glob("numpy/**/*.pyd"), *packages.glob("numpy.libs/*.dll")]
    modules = [file for file in modules if MATH.encode() in file.read_bytes()]
    # A second run finds them changed.
    if modules:
        make(system / OURS, *mathematics(imports(modules, MATH)), "-static", "-static-libgcc")
    for file in modules:
        file.write_bytes(file.read_bytes().replace(MATH.encode(), OURS.encode()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
