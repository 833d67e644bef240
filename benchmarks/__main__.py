"""`python -m benchmarks` prints every line, `python -m benchmarks decode` those of one benchmark."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHMARKS = {
    "decode": "benchmarks.decode",
    "plot": "benchmarks.plot",
    "reply": "benchmarks.reply",
    "traffic": "benchmarks.traffic",
    "window": "benchmarks.window",
}
"""Name to module; each module has `run() -> list[str]`, the lines to print."""


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all. Returns 2 for a name that is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        for line in import_module(BENCHMARKS[name]).run():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
