"""Readouts of real E350 meters with identities zeroed [E350-READOUTS], and test vectors of IEC 62056-21."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Telegram:
    """The readout of one meter, each line with the M-Bus record that it must become; the records are written by hand.

    `bcc`: exclusive or of all bytes after STX up to and including ETX (IEC 62056-21 6.4.2).
    """

    identification: str
    bcc: int
    records: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> list[str]:
        """The data lines."""
        return [line for line, _ in self.records]

    @property
    def z(self) -> str:
        """The speed that the meter offers: 0 is 300 bit/s, 4 is 4800."""
        return self.identification[4]

    def message(self) -> bytes:
        """Return the data message from STX to BCC."""
        return b"\x02" + "".join(f"{line}\r\n" for line in self.lines).encode() + b"!\r\n\x03" + bytes((self.bcc,))

    def hex_of(self, first: int = 0, last: int | None = None) -> bytes:
        """Return the records of the lines `first` to `last`, exclusive."""
        return bytes.fromhex("".join(hexadecimal for _, hexadecimal in self.records[first:last]))


M23 = Telegram(
    identification="/LGZ4ZMF100AC.M23",
    bcc=0x42,
    records=(
        ("F.F(00)", "0D 7C 03 46 2E 46 02 30 30"),
        ("C.1.0(00000000)", "0C 79 00 00 00 00"),
        ("0.0(00000000        )", "0D FD 11 10 20 20 20 20 20 20 20 20 30 30 30 30 30 30 30 30"),
        ("C.1.1(        )", "0D 7C 05 31 2E 31 2E 43 08 20 20 20 20 20 20 20 20"),
        ("1.8.1(001234.120*kWh)", "84 10 03 C8 D4 12 00"),
        ("1.8.0(001234.120*kWh)", "04 03 C8 D4 12 00"),
        ("2.8.0(000000.000*kWh)", "04 83 3C 00 00 00 00"),
        ("15.8.0(001234.120*kWh)", "04 83 FC 10 C8 D4 12 00"),
        ("C.7.0(0005)", "0A 7C 05 30 2E 37 2E 43 05 00"),
        ("32.7(229*V)", "02 FD C9 FC 01 E5 00"),
        ("52.7(230*V)", "02 FD C9 FC 02 E6 00"),
        ("72.7(230*V)", "02 FD C9 FC 03 E6 00"),
        ("31.7(000.03*A)", "03 FD DA FC 01 03 00 00"),
        ("51.7(000.04*A)", "03 FD DA FC 02 04 00 00"),
        ("71.7(000.09*A)", "03 FD DA FC 03 09 00 00"),
        ("C.5.0(0400)", "0D 7C 05 30 2E 35 2E 43 04 30 30 34 30"),
        ("0.2.0(M23)", "0D FD 0E 03 33 32 4D"),
        ("16.7(000.00*kW)", "03 AC FC 0C 00 00 00"),
    ),
)
M26 = Telegram(
    identification="/LGZ4ZMF100AC.M26",
    bcc=0x00,
    records=(
        ("F.F(00)", "0D 7C 03 46 2E 46 02 30 30"),
        ("0.0(          000000)", "0D FD 11 10 30 30 30 30 30 30 20 20 20 20 20 20 20 20 20 20"),
        ("C.1.0(00000000)", "0C 79 00 00 00 00"),
        ("C.1.1(        )", "0D 7C 05 31 2E 31 2E 43 08 20 20 20 20 20 20 20 20"),
        ("1.8.1(042951.721*kWh)", "84 10 03 29 64 8F 02"),
        ("1.8.2(018609.568*kWh)", "84 20 03 A0 F5 1B 01"),
        ("2.8.1(000000.302*kWh)", "84 10 83 3C 2E 01 00 00"),
        ("2.8.2(000010.188*kWh)", "84 20 83 3C CC 27 00 00"),
        ("1.8.0(061561.289*kWh)", "04 03 C9 59 AB 03"),
        ("2.8.0(000010.490*kWh)", "04 83 3C FA 28 00 00"),
        ("15.8.0(061571.780*kWh)", "04 83 FC 10 C4 82 AB 03"),
        ("C.7.0(0008)", "0A 7C 05 30 2E 37 2E 43 08 00"),
        ("32.7(241*V)", "02 FD C9 FC 01 F1 00"),
        ("52.7(243*V)", "02 FD C9 FC 02 F3 00"),
        ("72.7(242*V)", "02 FD C9 FC 03 F2 00"),
        ("31.7(000.35*A)", "03 FD DA FC 01 23 00 00"),
        ("51.7(000.52*A)", "03 FD DA FC 02 34 00 00"),
        ("71.7(000.47*A)", "03 FD DA FC 03 2F 00 00"),
        ("82.8.1(0000)", "0A 7C 06 31 2E 38 2E 32 38 00 00"),
        ("82.8.2(0000)", "0A 7C 06 32 2E 38 2E 32 38 00 00"),
        ("0.2.0(M26)", "0D FD 0E 03 36 32 4D"),
        ("C.5.0(0401)", "0D 7C 05 30 2E 35 2E 43 04 31 30 34 30"),
    ),
)
M27 = Telegram(
    identification="/LGZ4ZMF100AC.M27",
    bcc=0x1F,
    records=(
        ("F.F(00)", "0D 7C 03 46 2E 46 02 30 30"),
        ("0.0(          000000)", "0D FD 11 10 30 30 30 30 30 30 20 20 20 20 20 20 20 20 20 20"),
        ("C.1.0(00000000)", "0C 79 00 00 00 00"),
        ("C.1.1(        )", "0D 7C 05 31 2E 31 2E 43 08 20 20 20 20 20 20 20 20"),
        ("1.8.1(000000.000*kWh)", "84 10 03 00 00 00 00"),
        ("1.8.2(000219.251*kWh)", "84 20 03 73 58 03 00"),
        ("2.8.1(000000.000*kWh)", "84 10 83 3C 00 00 00 00"),
        ("2.8.2(000000.000*kWh)", "84 20 83 3C 00 00 00 00"),
        ("1.8.0(000219.252*kWh)", "04 03 74 58 03 00"),
        ("2.8.0(000000.000*kWh)", "04 83 3C 00 00 00 00"),
        ("15.8.0(000219.252*kWh)", "04 83 FC 10 74 58 03 00"),
        ("C.7.0(0004)", "0A 7C 05 30 2E 37 2E 43 04 00"),
        ("32.7(233*V)", "02 FD C9 FC 01 E9 00"),
        ("52.7(233*V)", "02 FD C9 FC 02 E9 00"),
        ("72.7(234*V)", "02 FD C9 FC 03 EA 00"),
        ("31.7(002.30*A)", "03 FD DA FC 01 E6 00 00"),
        ("51.7(002.32*A)", "03 FD DA FC 02 E8 00 00"),
        ("71.7(002.97*A)", "03 FD DA FC 03 29 01 00"),
        ("16.7(001.66*kW)", "03 AC FC 0C A6 00 00"),
        ("82.8.1(0000)", "0A 7C 06 31 2E 38 2E 32 38 00 00"),
        ("82.8.2(0000)", "0A 7C 06 32 2E 38 2E 32 38 00 00"),
        ("0.2.0(M27)", "0D FD 0E 03 37 32 4D"),
        ("C.5.0(1420)", "0D 7C 05 30 2E 35 2E 43 04 30 32 34 31"),
    ),
)
SHORT = Telegram(
    identification="/LGZ4ZMF100AC.M26",
    bcc=0x55,
    records=(
        ("F.F(00)", "0D 7C 03 46 2E 46 02 30 30"),
        ("C.1.0(00000000)", "0C 79 00 00 00 00"),
        ("1.8.0(061561.289*kWh)", "04 03 C9 59 AB 03"),
        ("C.5.0(0401)", "0D 7C 05 30 2E 35 2E 43 04 31 30 34 30"),
    ),
)
"""Four lines of M26, because at 300 bit/s the complete readout takes nine seconds on the bus."""


M26_LINES = tuple(M26.lines)

M26_B_LINES = (
    "F.F(00)",
    "0.0(            0000)",
    "C.1.0(00000000)",
    "C.1.1(        )",
    "1.8.1(060740.931*kWh)",
    "1.8.2(093109.192*kWh)",
    "2.8.1(000000.000*kWh)",
    "2.8.2(000000.000*kWh)",
    "1.8.0(153850.123*kWh)",
    "2.8.0(000000.000*kWh)",
    "15.8.0(153850.123*kWh)",
    "C.7.0(0035)",
    "32.7(233*V)",
    "52.7(233*V)",
    "72.7(234*V)",
    "31.7(000.62*A)",
    "51.7(000.42*A)",
    "71.7(001.29*A)",
    "82.8.1(0000)",
    "82.8.2(0000)",
    "0.2.0(M26)",
    "C.5.0(0400)",
)

LISTS = {"M23": tuple(M23.lines), "M26": M26_LINES, "M26 second": M26_B_LINES, "M27": tuple(M27.lines)}

VECTORS = {
    b"\x01P0\x02()\x03": 0x60,
    b"\x01P1\x02(00000000)\x03": 0x61,
    b"\x01R1\x021.8.0()\x03": 0x5A,
    b"\x01R2\x02C150()\x03": 0x17,
    b"\x01W2\x02C150()\x03": 0x12,
    b"\x01B0\x03": 0x71,
    b"\x01B1\x03": 0x70,
    b"\x02(ER01)\x03": 0x14,
    b"\x021.8.0(061561.289*kWh)\x03": 0x5D,
}


def text_with_bcc(value: int) -> str:
    """Return two printable characters whose data message has this BCC."""
    return next(chr(a) + chr(b) for a in range(0x20, 0x7F) for b in range(0x20, 0x7F) if a ^ b ^ 0x03 == value)
