"""The mutants of a module: changes of one operator, constant, condition or statement each."""

from __future__ import annotations

import ast
import itertools
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """A change of one place in a module: the bytes from `start` to `end` become `text`."""

    module: str
    start: int
    end: int
    text: bytes
    in_function: bool

    def apply(self, source: bytes) -> bytes:
        """Return the mutated source."""
        return source[: self.start] + self.text + source[self.end :]

    def lines(self, source: bytes) -> range:
        """Return the numbers of the lines that change."""
        return range(source.count(b"\n", 0, self.start) + 1, source.count(b"\n", 0, self.end) + 2)

    def texts(self, source: bytes) -> tuple[str, str]:
        """Return the lines before and after the change, without indentation."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        before, after = source[first:last], source[first : self.start] + self.text + source[self.end : last]
        return _stripped(before), _stripped(after)


def _stripped(lines: bytes) -> str:
    return "\n".join(line.strip() for line in lines.decode().splitlines())


COMPARE: dict[type[ast.cmpop], tuple[str, Sequence[str]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: (r"is\s+not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: (r"not\s+in", ("in",)),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, Sequence[str]]] = {
    ast.Add: (r"\+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: (r"\*", ("/",)),
    ast.Div: ("/", ("*",)),
    ast.FloorDiv: ("//", ("*",)),
    ast.Mod: ("%", ("*",)),
    ast.Pow: (r"\*\*", ("*",)),
    ast.LShift: ("<<", (">>",)),
    ast.RShift: (">>", ("<<",)),
    ast.BitAnd: ("&", ("|",)),
    ast.BitOr: (r"\|", ("&",)),
    ast.BitXor: (r"\^", ("&",)),
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
SKIPPED = (ast.Import, ast.ImportFrom, ast.Assert)
LOGGING = re.compile(r"_?log(ger|ging)?\.", re.IGNORECASE)
FACT = re.compile(rb"\{((?:[^{}]|\{[^{}]*\})+)\}")
"""A replacement field of an f-string, with conversion and format."""


class Mutator(ast.NodeVisitor):
    """Finds the mutants of a source; a part of it, an f-string's expression, begins at `base`."""

    def __init__(self, module: str, source: bytes, base: int = 0) -> None:
        self.found: list[Mutant] = []
        self._module = module
        self._source = source
        self._base = base
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._top = True

    def _at(self, line: int, column: int) -> int:
        return self._base + (column if self._base else self._lines[line - 1] + column)

    def _span(self, node: Any) -> tuple[int, int]:
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _add(self, start: int, end: int, text: str) -> None:
        self.found.append(Mutant(self._module, start, end, text.encode(), not self._top))

    def _replace(self, node: ast.AST, text: str) -> None:
        self._add(*self._span(node), text)

    def _operator(self, left: ast.AST, right: ast.AST, pattern: str, texts: Iterable[str], suffix: str = "") -> None:
        """Replace the operator between two nodes."""
        begin, end = self._span(left)[1], self._span(right)[0]
        gap = re.sub(rb"#[^\n]*", lambda match: b" " * len(match[0]), self._source[begin:end])
        word = rf"\b{pattern}\b" if pattern[0].isalpha() else pattern
        match = re.search((word + suffix).encode(), gap)
        assert match is not None, (self._module, gap)
        for text in texts:
            self._add(begin + match.start(), begin + match.end(), text)

    def _negate(self, test: ast.AST) -> None:
        # A comparison is negated as such, a `not` is taken away.
        if not isinstance(test, ast.Compare | ast.UnaryOp):
            start, end = self._span(test)
            self._add(start, end, f"(not ({self._source[start:end].decode()}))")

    def _visit_body(self, body: Iterable[ast.stmt]) -> None:
        top, self._top = self._top, False
        for statement in body:
            self.visit(statement)
        self._top = top

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self.visit(default)
        self._visit_body(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self._negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        if not isinstance(node.test, ast.Constant):
            self._negate(node.test)
            self.visit(node.test)
        for statement in node.body:
            self.visit(statement)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, operator, right in zip((node.left, *node.comparators), node.ops, node.comparators, strict=False):
            self._operator(left, right, *COMPARE[type(operator)])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._operator(node.left, node.right, *ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in zip(node.values, node.values[1:], strict=False):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            self._operator(left, right, old, (new,))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self._add(self._span(node)[0], self._span(node.operand)[0], "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._replace(node, str(not node.value))
        elif isinstance(node.value, int | float):
            for step in (1, -1):
                self._replace(node, f"({value})" if (value := node.value + step) < 0 else str(value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        start, end = self._span(node)
        for field in FACT.finditer(self._source, start, end):
            fact, has_format = field[1], False
            try:
                tree = ast.parse(fact, mode="eval")
            except SyntaxError:
                has_format = b":" in fact
                fact = fact.rpartition(b":" if has_format else b"!")[0]
                tree = ast.parse(fact, mode="eval")
            at = field.start(1)
            self._add(at, at + len(fact), "0" if has_format else "''")
            inner = Mutator(self._module, self._source, at)
            inner._top = self._top
            inner.visit(tree)
            self.found += inner.found

    def visit_Call(self, node: ast.Call) -> None:
        if LOGGING.match(ast.unparse(node.func)):
            return
        if isinstance(node.func, ast.Name) and node.func.id in CALLS:
            self._replace(node.func, CALLS[node.func.id])
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._replace(node, "return None")
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._remove(node)
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        pattern, texts = ARITHMETIC[type(node.op)]
        self._operator(node.target, node.value, pattern, [f"{text}=" for text in (*texts, "")], suffix="=")
        self._remove(node)
        self.generic_visit(node)

    def _remove(self, node: ast.stmt) -> None:
        # Without the constants of a module or a class nothing runs at all.
        if not self._top:
            self._replace(node, "pass")

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, SKIPPED) or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.Assign | ast.Raise | ast.Delete) or (
            isinstance(node, ast.Expr) and not LOGGING.match(ast.unparse(node))
        ):
            self._remove(node)
        elif isinstance(node, ast.Break | ast.Continue):
            self._replace(node, "continue" if isinstance(node, ast.Break) else "break")
        super().generic_visit(node)


def mutants_of(module: str, source: bytes) -> list[Mutant]:
    """Return all mutants of a module."""
    mutator = Mutator(module, source)
    mutator.visit(ast.parse(source))
    return list(dict.fromkeys(mutator.found))


def drawn(sources: dict[str, bytes], count: int, seed: int) -> list[Mutant]:
    """Draw mutants that compile to another program."""
    points = [mutant for module, source in sources.items() for mutant in mutants_of(module, source)]
    random.Random(seed).shuffle(points)
    return list(itertools.islice((mutant for mutant in points if _differs(mutant, sources[mutant.module])), count))


def _differs(mutant: Mutant, source: bytes) -> bool:
    try:
        return ast.dump(ast.parse(mutant.apply(source))) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False
