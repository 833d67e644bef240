"""`python -m benchmarks` prints every line, `python -m benchmarks decode` those of one benchmark.

`python -m benchmarks deadline 10000` runs that one as long as a number says.
"""

from __future__ import annotations

import sys
from importlib import import_module

BENCHMARKS = {
    "deadline": "benchmarks.deadline",
    "decode": "benchmarks.decode",
    "flood": "benchmarks.flood",
    "plot": "benchmarks.plot",
    "traffic": "benchmarks.traffic",
    "window": "benchmarks.window",
}
"""Name to module; each module has `run() -> list[str]`, the lines to print."""


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all. Returns 2 for a name that is none."""
    if len(names) == 2 and names[0] == "deadline" and names[1].isdigit():
        return _print("deadline", int(names[1]))
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        _print(name)
    return 0


def _print(name: str, *arguments: int) -> int:
    for line in import_module(BENCHMARKS[name]).run(*arguments):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
