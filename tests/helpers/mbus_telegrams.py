"""Telegrams for tests and benchmarks: worked examples of the sources, and realistic answers of complete meters."""

from __future__ import annotations

from cmi_gui.engine.mbus.frame import RSP_UD, Frame

__all__ = ["METERS", "WORKED_RESPONSES", "response"]


def response(header: str, records: str, address: int = 1) -> bytes:
    """Return a RSP_UD with CI 72 from header (12 bytes) and records in hex."""
    return Frame.long(RSP_UD, address, 0x72, bytes.fromhex(header) + bytes.fromhex(records)).to_bytes()


WORKED_RESPONSES = {
    "DOC48 water meter": bytes.fromhex(
        "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 01 8B 60 04 37 18 02 18 16"
    ),
    "DOC48 fabrication number": bytes.fromhex(
        "68 15 15 68 08 02 72 78 56 34 12 24 40 01 07 13 00 00 00 0C 78 04 03 02 01 9D 16"
    ),
}

_E350 = "78 56 34 12 96 15 01 02 2A 00 00 00"
_E350_OWN = "0C 78 78 56 34 12 0D FD 0F 05 30 2E 30 2E 31 01 FD 1B 00 01 FD 1A 01 04 FD 17 00 00 00 00"

METERS = {
    "electricity, E350-like, three phases": response(
        _E350,
        _E350_OWN
        + """0D 7C 03 46 2E 46 08 30 30 30 30 30 30 30 30  0C 79 21 43 65 07
        04 03 C9 59 AB 03  84 10 03 11 22 33 00  84 20 03 44 55 66 00  84 80 10 03 00 00 00 00
        04 83 3C 10 00 00 00  04 FB 82 73 5A 11 02 00  04 FB 82 F3 3C 07 00 00 00
        03 AC FC 0C A6 00 00  03 2C A6 00 00  03 AC 3C 00 00 00
        03 AC FC 8C FC 01 35 00 00  03 AC FC 8C FC 02 41 00 00  03 AC FC 8C FC 03 30 00 00
        02 FD C9 FC 01 E6 00  02 FD C9 FC 02 E7 00  02 FD C9 FC 03 E5 00
        03 FD DA FC 01 23 00 00  03 FD DA FC 02 1A 00 00  03 FD DA FC 03 2F 00 00
        03 FD BA 74 61 00 00  03 FB 2D 88 13 00  0A 7C 05 30 2E 37 2E 43 08 00
        0D 7C 05 30 2E 35 2E 43 04 31 30 34 30""",
    ),
    "electricity, E350-like, first of several": response(
        _E350,
        _E350_OWN
        + """0C 79 21 43 65 07 04 03 C9 59 AB 03 84 10 03 11 22 33 00 84 20 03 44 55 66 00
        0D 7C 05 31 2E 39 2E 30 06 36 35 34 33 32 31  0D 7C 05 32 2E 39 2E 30 06 31 32 31 31 36 32  1F""",
    ),
    "electricity, three phases, with extremes": response(
        "41 52 63 00 41 04 21 02 07 00 00 00",
        """0C 78 41 52 63 00 84 10 03 39 30 00 00 84 20 03 A0 86 01 00 04 AB FC 01 F6 FF FF FF 04 AB FC 02 15 00 00 00
        04 AB FC 03 4D 01 00 00 04 2B 58 01 00 00 02 FD C8 FC 01 FC 08 02 FD C8 FC 02 01 09 02 FD C8 FC 03 F7 08
        22 FD C8 FC 01 34 08 12 FD C8 FC 01 60 09 03 FD D9 FC 01 D6 FF FF 03 FD D9 FC 02 5B 00 00 03 FD 59 A4 05 00
        02 FB 2E F4 01 02 FD 60 0B 00 01 FD 17 00""",
    ),
    "electricity, floats": response(
        "07 31 99 20 A7 1C 05 02 C3 00 00 00",
        """05 FD 48 00 80 66 43 05 FD 59 CD CC CC 3D 05 2B 00 50 C3 44 05 FB 2C 00 00 48 42 05 FD 3A 5C 8F 7A 3F
        04 06 39 05 00 00 0F AA BB CC""",
    ),
    "heat meter": response(
        "90 21 43 65 2D 2C 11 04 31 00 00 00",
        """0C 78 90 21 43 65 04 06 15 CD 00 00 04 14 87 D6 01 00 04 22 10 27 00 00 04 59 58 1B 00 00 04 5D A0 0F 00 00
        04 61 B8 0B 00 00 04 2D 7D 00 00 00 14 2D 2C 01 00 00 04 3B 5F 01 00 00 14 3B BC 02 00 00 84 10 06 00 00 00 00
        04 6D 1E 2A 75 3B 44 06 40 9C 00 00 44 14 70 62 01 00 54 2D F4 01 00 00 42 6C 5F 3C""",
    ),
    "heat meter, BCD": response(
        "12 34 56 78 AE 4C 0A 04 19 00 00 00",
        """0C 06 42 87 03 00 0C 13 75 31 86 02 0C 3B 12 05 00 00 0C 2B 50 34 00 00 0A 5A 12 06 0A 5E 47 03
        0B 60 12 65 02 0C 78 12 34 56 78 0C FD 10 99 00 01 00""",
    ),
    "cold water": response(
        "31 75 20 19 93 15 03 07 50 00 00 00",
        "0C 13 42 19 57 00 04 6D 0F 2B 75 3B 42 6C 7F 3C 4C 13 88 12 49 00 42 EC 7E 9F 3C",
    ),
    "water with monthly values": response(
        "77 10 50 22 CD 4E 09 07 94 10 00 00",
        " ".join(
            ["04 13 10 32 05 00 02 5B 12 00 04 22 E2 18 00 00"]
            + [f"44 13 {n:02X} C6 04 00 42 6C {n:02X} 31" for n in range(1, 4)]
            + [f"84 {n:02X} 13 {n:02X} A6 04 00 82 {n:02X} 6C {n:02X} 32" for n in range(1, 9)]
        ),
    ),
    "temperature and humidity, plain text": response(
        "88 00 17 25 96 15 32 1B 04 00 00 00",
        """01 FD 1B 00 02 FC 03 48 52 25 74 94 11 22 FC 03 48 52 25 74 B8 0B 02 65 34 08 22 65 D0 07 12 65 98 08
        42 65 2F 08 82 01 65 2A 08 0C 78 88 00 17 25 03 FD 0F 01 00 04 1F""",
    ),
    "gas with texts": response(
        "33 44 55 66 E2 30 40 03 12 00 00 00",
        "2F 2F 4C 13 10 20 30 04 0D 78 0A 39 38 37 36 35 34 33 32 31 47 01 FD 17 00 01 FD 67 0F",
    ),
}
"""Answers like those of real meters, with at most 255 bytes."""
