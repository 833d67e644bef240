"""Words before they are spoken: a template and what is put in, so that whoever shows them may speak another language.

`str` of each speaks English. Templates are literals in the source or words of this package's tables; they never hold
anything that was received, so a list of all of them is short and can be translated.
"""

from __future__ import annotations

import msgspec


class Sentence(str):
    """A sentence of an exception, put in whole: it has facts in it already."""

    __slots__ = ()


class Phrase(msgspec.Struct, frozen=True, gc=False):
    """A template, `{0}`, `{1}`, ... standing for its parts in the order of the English sentence."""

    template: str
    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return self.template.format(*self.parts) if self.parts else self.template


class Listing(msgspec.Struct, frozen=True, gc=False):
    """Parts of equal rank with a punctuation mark between; not a sentence."""

    separator: str
    items: tuple[Part, ...]

    def __str__(self) -> str:
        return self.separator.join(map(str, self.items))


Part = str | int | Phrase | Listing
"""What can be put in: texts and numbers as they are, a `Sentence`, or what has words itself."""
