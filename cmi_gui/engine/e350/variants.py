"""The documented variants of the E350: readout list, identification, phases, rates, disconnector.

Lists and formats of M23, M26 and M27 are from real telegrams. Assumptions: the list of M29 has the order that one
reader of such meters uses, completed by items of the other lists and its six rates; M55 is M26 with one phase; `full`
has all 54 registers of the manual, so that it needs several M-Bus telegrams. M22 represents all firmware before M23,
which answers only a request without an address; that its list is that of M23 is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of the meter.

    `readout`: OBIS codes as written, in order. `phases`: 1 or 3. `rates`: the number of rates, 1 to 6.
    `customer_left`: 0.0 is left-aligned in its 16 characters. `password_bit`: C.5.0 has bit 15. `knows_address`: a
    request with its address is answered too (firmware from M23 on). `basis`: the source of the list.
    """

    name: str
    ident: str
    phases: int
    rates: int
    has_disconnector: bool
    readout: tuple[str, ...]
    basis: str
    customer_left: bool = False
    password_bit: bool = False
    knows_address: bool = True

    @property
    def firmware(self) -> str:
        """The firmware, such as `M29`: the identification after the point."""
        return self.ident.partition(".")[2]


def _energy(channel: int, rates: int) -> tuple[str, ...]:
    return tuple(f"{channel}.8.{rate}" for rate in (*range(1, rates + 1), 0))


_HEAD: Final = ("F.F", "0.0", "C.1.0", "C.1.1")
_U: Final = ("32.7", "52.7", "72.7")
_I: Final = ("31.7", "51.7", "71.7")
_PF: Final = ("33.7", "53.7", "73.7")
_P: Final = ("36.7", "56.7", "76.7")
_TWO_RATES: Final = ("1.8.1", "1.8.2", "2.8.1", "2.8.2", "1.8.0", "2.8.0", "15.8.0", "C.7.0")
_TAIL: Final = ("82.8.1", "82.8.2", "0.2.0", "C.5.0")

_M23: Final = Variant(
    name="M23",
    ident="ZMF100AC.M23",
    phases=3,
    rates=4,
    has_disconnector=False,
    readout=(
        *("F.F", "C.1.0", "0.0", "C.1.1", "1.8.1", "1.8.0", "2.8.0", "15.8.0", "C.7.0"),
        *(*_U, *_I, "C.5.0", "0.2.0", "16.7"),
    ),
    basis="real telegram",
    customer_left=True,
)

_M22: Final = replace(_M23, name="M22", ident="ZMF100AC.M22", basis="M23's list (assumption)", knows_address=False)

_M26: Final = replace(
    _M23,
    name="M26",
    ident="ZMF100AC.M26",
    readout=(*_HEAD, *_TWO_RATES, *_U, *_I, *_TAIL),
    customer_left=False,
)

_M27: Final = replace(_M26, name="M27", ident="ZMF100AC.M27", readout=(*_HEAD, *_TWO_RATES, *_U, *_I, "16.7", *_TAIL))

_M29: Final = Variant(
    name="M29",
    ident="ZMF100AC.M29",
    phases=3,
    rates=6,
    has_disconnector=True,
    readout=(
        *_HEAD,
        *("1.8.1", "1.8.2", "1.8.3", "1.8.4", "1.8.5", "1.8.6", "8.8.1", "8.8.2", "1.8.0", "2.8.0", "8.8.0", "C.7.0"),
        *(*_U, *_I, *_PF, "13.7", *_TAIL),
    ),
    basis="a reader's order, completed (assumption)",
)

_M55: Final = replace(
    _M29,
    name="M55",
    ident="ZCF100AC.M55",
    phases=1,
    readout=(*_HEAD, *_TWO_RATES, "32.7", "31.7", *_TAIL),
    basis="M26 with one phase (assumption)",
    password_bit=True,
)

_FULL: Final = replace(
    _M29,
    name="full",
    ident="ZMF100CC.M29",
    readout=(
        *_HEAD,
        *_energy(1, 6),
        *_energy(2, 6),
        "15.8.0",
        *_energy(3, 4),
        *_energy(4, 4),
        *_energy(5, 6),
        *_energy(6, 6),
        *_energy(7, 6),
        *_energy(8, 6),
        *("9.8.0", "10.8.0", "C.7.0"),
        *(*_U, *_I, *_PF, "13.7", "14.7", "16.7", *_P),
        *_TAIL,
    ),
    basis="the manual's ten measuring channels with every item known (assumption)",
    password_bit=True,
)

VARIANTS: Final = {each.name: each for each in (_M22, _M23, _M26, _M27, _M29, _M55, _FULL)}


def variant(name: str) -> Variant:
    """Return the variant of this name. Raises ValueError, with a list of the names, for an unknown one."""
    try:
        return VARIANTS[name]
    except KeyError:
        raise ValueError(f"no E350 variant {name!r}; the variants are {', '.join(VARIANTS)}") from None
