"""Run the benchmarks: all with `python -m benchmarks`, one with `python -m benchmarks decode`.

`python -m benchmarks deadline 10000` runs that benchmark with the given number of requests, `python -m benchmarks
years PATH` compares with the program in another checkout, `start PROGRAM` starts that executable.
"""

from __future__ import annotations

import sys
from importlib import import_module

from cmi_gui.display import name_font_folder

BENCHMARKS = {
    "deadline": "benchmarks.deadline",
    "decode": "benchmarks.decode",
    "flood": "benchmarks.flood",
    "plot": "benchmarks.plot",
    "room": "benchmarks.room",
    "search": "benchmarks.search",
    "start": "benchmarks.start",
    "testing": "benchmarks.testing",
    "throughput": "benchmarks.throughput",
    "time_factor": "benchmarks.time_factor",
    "traffic": "benchmarks.traffic",
    "window": "benchmarks.window",
    "years": "benchmarks.years",
}
"""Name to module; each module has `run() -> list[str]`, the lines to print."""


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all. Return 2 for an unknown name."""
    match names:
        case ["deadline", count] if count.isdigit():
            return _print("deadline", int(count))
        case ["years" | "start" as name, path] if path not in BENCHMARKS:
            return _print(name, path)
    name_font_folder()
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        _print(name)
    return 0


def _print(name: str, *arguments: int | str) -> int:
    for line in import_module(BENCHMARKS[name]).run(*arguments):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
