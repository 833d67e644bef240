"""DIB and VIB: the meaning of every code of the tables, and round trips."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.dib import DataField, DataInformation, ValueFunction, decode_dib, encode_dib
from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.vib import ValueInformation, decode_vib, encode_plain_vib, vib_end, with_vifes
from cmi_gui.engine.mbus.vif_tables import Coding, ObjectAction, RecordError


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def vib(text: str, *, from_master: bool = False) -> ValueInformation:
    return decode_vib(h(text), from_master=from_master)


@pytest.mark.parametrize(
    ("dib", "meaning"),
    [
        ("04", DataInformation(DataField.INT32)),
        ("1A", DataInformation(DataField.BCD4, ValueFunction.MAXIMUM)),
        ("22", DataInformation(DataField.INT16, ValueFunction.MINIMUM)),
        ("32", DataInformation(DataField.INT16, ValueFunction.ERROR)),
        ("DA 02", DataInformation(DataField.BCD4, ValueFunction.MAXIMUM, storage=5)),
        ("8B 60", DataInformation(DataField.BCD6, tariff=2, subunit=1)),
        ("84 80 10", DataInformation(DataField.INT32, tariff=4)),
        ("84 90 10", DataInformation(DataField.INT32, tariff=5)),
        ("84 A0 10", DataInformation(DataField.INT32, tariff=6)),
        ("8E 80 10", DataInformation(DataField.BCD12, tariff=4)),
        ("C8 3F", DataInformation(DataField.SELECTION, storage=31, tariff=3)),
        ("7F", DataInformation(DataField.SPECIAL)),
        # The most that ten DIFEs hold.
        (
            "C4" + "FF" * 9 + "7F",
            DataInformation(DataField.INT32, storage=(1 << 41) - 1, tariff=(1 << 20) - 1, subunit=(1 << 10) - 1),
        ),
    ],
)
def test_data_information(dib: str, meaning: DataInformation) -> None:
    assert decode_dib(h(dib)) == meaning
    if meaning.field is not DataField.SPECIAL:
        numbers = {"storage": meaning.storage, "tariff": meaning.tariff, "subunit": meaning.subunit}
        assert encode_dib(meaning.field, meaning.function, **numbers) == h(dib)


@pytest.mark.parametrize(
    ("dib", "code", "offset"),
    [
        ("84" + "80" * 10 + "00", MBusErrorCode.TOO_MANY_DIFE, 11),
        ("3F", MBusErrorCode.RESERVED_DIF, 0),
        ("6F", MBusErrorCode.RESERVED_DIF, 0),
        ("8F 00", MBusErrorCode.RESERVED_DIF, 0),
    ],
)
def test_bad_data_information(dib: str, code: MBusErrorCode, offset: int) -> None:
    with pytest.raises(MBusError) as caught:
        decode_dib(h(dib))
    assert (caught.value.code, caught.value.offset) == (code, offset)


@pytest.mark.parametrize("numbers", [{"storage": 1 << 41}, {"tariff": 1 << 20}, {"subunit": 1 << 10}, {"storage": -1}])
def test_numbers_that_no_dib_holds(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="ten DIFEs"):
        encode_dib(DataField.INT8, **numbers)


@given(
    st.sampled_from([field for field in DataField if field is not DataField.SPECIAL]),
    st.sampled_from(ValueFunction),
    st.integers(0, (1 << 41) - 1),
    st.integers(0, (1 << 20) - 1),
    st.integers(0, (1 << 10) - 1),
)
def test_data_information_round_trip(
    field: DataField, function: ValueFunction, storage: int, tariff: int, subunit: int
) -> None:
    raw = encode_dib(field, function, storage=storage, tariff=tariff, subunit=subunit)
    assert decode_dib(raw) == DataInformation(field, function, storage, tariff, subunit)


# code, quantity, unit, exponent, factor, for the first and the last code of every family.
PRIMARY = """
00 energy Wh -3 1; 07 energy Wh 4 1; 08 energy J 0 1; 0F energy J 7 1; 10 volume m3 -6 1; 17 volume m3 1 1
18 mass kg -3 1; 1F mass kg 4 1; 20 on_time s 0 1; 21 on_time s 0 60; 22 on_time s 0 3600; 23 on_time s 0 86400
24 operating_time s 0 1; 27 operating_time s 0 86400; 28 power W -3 1; 2F power W 4 1; 30 power J/h 0 1
37 power J/h 7 1; 38 volume_flow m3/h -6 1; 3F volume_flow m3/h 1 1; 40 volume_flow m3/min -7 1
47 volume_flow m3/min 0 1; 48 volume_flow m3/s -9 1; 4F volume_flow m3/s -2 1; 50 mass_flow kg/h -3 1
57 mass_flow kg/h 4 1; 58 flow_temperature degC -3 1; 5B flow_temperature degC 0 1
5C return_temperature degC -3 1; 5F return_temperature degC 0 1; 60 temperature_difference K -3 1
63 temperature_difference K 0 1; 64 external_temperature degC -3 1; 67 external_temperature degC 0 1
68 pressure bar -3 1; 6B pressure bar 0 1; 6C date - 0 1; 6D date_and_time - 0 1
6E units_for_heat_cost_allocation - 0 1; 6F reserved - 0 1; 70 averaging_duration s 0 1
73 averaging_duration s 0 86400; 74 actuality_duration s 0 1; 77 actuality_duration s 0 86400
78 fabrication_number - 0 1; 79 identification - 0 1; 7A bus_address - 0 1; 7E any - 0 1
7F manufacturer_specific - 0 1
"""
FB = """
00 energy Wh 5 1; 01 energy Wh 6 1; 02 reactive_energy varh 3 1; 03 reactive_energy varh 4 1
04 apparent_energy VAh 3 1; 05 apparent_energy VAh 4 1; 06 reserved - 0 1; 08 energy J 8 1; 09 energy J 9 1
0A reserved - 0 1; 0C energy cal 5 1; 0F energy cal 8 1; 10 volume m3 2 1; 11 volume m3 3 1; 12 reserved - 0 1
14 reactive_power var 0 1; 17 reactive_power var 3 1; 18 mass kg 5 1; 19 mass kg 6 1; 1A relative_humidity % -1 1
1B relative_humidity % 0 1; 1C reserved - 0 1; 20 volume ft3 0 1; 21 volume ft3 -1 1
22 volume US_gal -1 1; 23 volume US_gal 0 1; 24 volume_flow US_gal/min -3 1; 25 volume_flow US_gal/min 0 1
26 volume_flow US_gal/h 0 1; 27 reserved - 0 1; 57 reserved - 0 1; 58 flow_temperature degF -3 1
5B flow_temperature degF 0 1; 5C return_temperature degF -3 1; 5F return_temperature degF 0 1
60 temperature_difference degF -3 1; 63 temperature_difference degF 0 1; 64 external_temperature degF -3 1
67 external_temperature degF 0 1; 70 temperature_limit degF -3 1; 73 temperature_limit degF 0 1
28 power W 5 1; 29 power W 6 1
2A phase_angle_U-U deg -1 1; 2B phase_angle_U-I deg -1 1; 2C frequency Hz -3 1; 2F frequency Hz 0 1
30 power J/h 8 1; 31 power J/h 9 1; 34 apparent_power VA 0 1; 37 apparent_power VA 3 1; 68 rating_factor_K - 0 1
74 temperature_limit degC -3 1; 77 temperature_limit degC 0 1; 78 cumulated_maximum_power W -3 1
7F cumulated_maximum_power W 4 1
"""
FD = """
00 credit currency -3 1; 03 credit currency 0 1; 04 debit currency -3 1; 07 debit currency 0 1; 08 access_number - 0 1
09 device_type - 0 1; 0A manufacturer - 0 1; 0B parameter_set_identification - 0 1; 0F other_software_version - 0 1
16 password - 0 1; 17 error_flags - 0 1; 1A digital_output - 0 1; 1B digital_input - 0 1; 1C baud_rate bit/s 0 1
1D response_delay bit_times 0 1; 1F remote_control - 0 1; 24 storage_interval s 0 1; 27 storage_interval s 0 86400
28 storage_interval month 0 1; 29 storage_interval year 0 1; 2C duration_since_last_readout s 0 1
2F duration_since_last_readout s 0 86400; 30 start_of_tariff - 0 1; 31 duration_of_tariff s 0 60
33 duration_of_tariff s 0 86400; 34 period_of_tariff s 0 1; 39 period_of_tariff year 0 1; 3A dimensionless - 0 1
3B wireless_M-Bus_container - 0 1; 3C period_of_nominal_data_transmissions s 0 1
3F period_of_nominal_data_transmissions s 0 86400; 40 voltage V -9 1; 4F voltage V 6 1; 50 current A -12 1
5F current A 3 1; 60 reset_counter - 0 1; 65 time_point_of_tariff_change - 0 1
68 duration_since_last_cumulation s 0 3600; 69 duration_since_last_cumulation s 0 86400
6A duration_since_last_cumulation month 0 1; 6B duration_since_last_cumulation year 0 1
6C battery_operating_time s 0 3600; 6F battery_operating_time year 0 1; 70 battery_change - 0 1; 71 RF_level dBm 0 1
74 remaining_battery_life s 0 86400; 75 meter_stops - 0 1; 76 manufacturer_container - 0 1; 77 reserved - 0 1
"""
FD_FD = """
00 currently_selected_application - 0 1; 02 remaining_battery_life month 0 1; 03 remaining_battery_life year 0 1
01 reserved - 0 1
"""


def rows(prefix: str, table: str) -> list[tuple[str, ...]]:
    return [(prefix, *row.split()) for line in table.strip().splitlines() for row in line.split(";")]


@pytest.mark.parametrize(
    ("prefix", "code", "quantity", "unit", "exponent", "factor"),
    [*rows("", PRIMARY), *rows("FB", FB), *rows("FD", FD), *rows("FD FD", FD_FD)],
)
def test_codes_of_the_tables(prefix: str, code: str, quantity: str, unit: str, exponent: str, factor: str) -> None:
    meaning = vib(prefix + code)
    assert meaning.quantity.replace(" ", "_") == quantity
    assert meaning.unit.replace(" ", "_") == unit.replace("-", "")
    assert (meaning.exponent, meaning.factor) == (int(exponent), int(factor))
    assert meaning.qualifiers == ()


@pytest.mark.parametrize(
    ("code", "unit", "exponent", "qualifiers"),
    [
        # The forms that the readout mapping uses.
        ("83 3C", "Wh", 0, ("export",)),
        ("83 FC 10", "Wh", 0, ("absolute sum of import and export",)),
        ("FB 82 73", "varh", 0, ()),
        ("FB 82 F3 3C", "varh", 0, ("export",)),
        ("FB 82 3C", "varh", 3, ("export",)),
        ("FB 82 F3 FC 08", "varh", 0, ("quadrant Q1",)),
        ("FB 82 F3 FC 09", "varh", 0, ("quadrant Q2",)),
        ("FB 82 F3 FC 0A", "varh", 0, ("quadrant Q3",)),
        ("FB 82 F3 FC 0B", "varh", 0, ("quadrant Q4",)),
        ("FB 82 FC 0B", "varh", 3, ("quadrant Q4",)),
        ("FB 84 73", "VAh", 0, ()),
        ("FB 84 F3 3C", "VAh", 0, ("export",)),
        ("AC FC 0C", "W", 1, ("import minus export",)),
        ("AC FC 8C FC 02", "W", 1, ("import minus export", "phase L2")),
        ("FD C9 FC 01", "V", 0, ("phase L1",)),
        ("FD C8 FC 03", "V", -1, ("phase L3",)),
        ("FD DA FC 01", "A", -2, ("phase L1",)),
        ("FD BA F4 FC 03", "", -2, ("phase L3",)),
        ("FD BA 74", "", -2, ()),
        ("FB 2D", "Hz", -2, ()),
        # The other phase codes.
        ("FD C8 FC 05", "V", -1, ("phase L1-L2",)),
        ("FD D9 FC 04", "A", -3, ("neutral",)),
        # Carlo Gavazzi's: [GNM3D].
        ("FB 82 75", "varh", 2, ()),
        ("FB 97 72", "var", -1, ()),
        ("FB B7 72", "VA", -1, ()),
        ("FD BA 73", "", -3, ()),
        # The codes of manufacturers after FF are shown unchanged.
        ("FD DC FF 01", "A", 0, ("manufacturer 01",)),
        ("83 FF 81 05", "Wh", 0, ("manufacturer 81 05",)),
        ("FF 13", "", 0, ("manufacturer 13",)),
        ("EF 13", "", 0, ("manufacturer 13",)),
        # Orthogonal codes.
        ("93 22", "m3/h", -3, ("per hour",)),
        ("93 A8 3E", "m3/pulse", -3, ("per pulse on input channel 0", "at base conditions")),
        ("FD C8 36", "V s", -1, ("times second",)),
        ("83 7D", "Wh", 3, ()),
        ("93 C8 3B", "m3", -3, ("upper limit", "import")),
        ("93 41", "", 0, ("number of exceeds of lower limit",)),
        ("DA 12", "degC", -1, ("average",)),
        ("83 3F", "Wh", 0, ("OBIS declaration",)),
        ("83 10", "Wh", 0, ("reserved VIFE 10",)),
        ("83 FC 7E", "Wh", 0, ("reserved VIFE FC 7E",)),
        ("83 7C", "Wh", 0, ("reserved VIFE 7C",)),
    ],
)
def test_value_information(code: str, unit: str, exponent: int, qualifiers: tuple[str, ...]) -> None:
    meaning = vib(code)
    assert (meaning.unit, meaning.exponent, meaning.qualifiers) == (unit, exponent, qualifiers)


@pytest.mark.parametrize(("code", "power"), [(0x70 + n, n - 6) for n in range(8)])
def test_multiplicative_correction(code: int, power: int) -> None:
    assert decode_vib(bytes((0x83, code)), from_master=False).exponent == power


@pytest.mark.parametrize(("code", "offset"), [(0x78, "0.001"), (0x79, "0.01"), (0x7A, "0.1"), (0x7B, "1")])
def test_additive_correction(code: int, offset: str) -> None:
    assert decode_vib(bytes((0xDA, code)), from_master=False).offset == Decimal(offset)


@pytest.mark.parametrize(
    ("code", "qualifier"),
    [
        ("39", "start of"),
        ("42", "begin of first lower limit exceed"),
        ("43", "end of first lower limit exceed"),
        ("46", "begin of last lower limit exceed"),
        ("4A", "begin of first upper limit exceed"),
        ("4F", "end of last upper limit exceed"),
        ("6A", "begin of first"),
        ("6F", "end of last"),
    ],
)
def test_codes_that_turn_a_quantity_into_a_date(code: str, qualifier: str) -> None:
    meaning = vib("93" + code)
    assert (meaning.coding, meaning.unit, meaning.qualifiers) == (Coding.TIME_POINT, "", (qualifier,))


@pytest.mark.parametrize(
    ("code", "qualifier", "factor"),
    [
        ("50", "duration of first lower limit exceed", 1),
        ("57", "duration of last lower limit exceed", 86400),
        ("59", "duration of first upper limit exceed", 60),
        ("62", "duration of first", 3600),
        ("67", "duration of last", 86400),
    ],
)
def test_codes_that_turn_a_quantity_into_a_duration(code: str, qualifier: str, factor: int) -> None:
    meaning = vib("93" + code)
    assert (meaning.unit, meaning.exponent, meaning.factor) == ("s", 0, factor)
    assert meaning.qualifiers == (qualifier,)


def test_object_actions_come_from_a_master() -> None:
    actions = [decode_vib(bytes((0x86, code)), from_master=True).action for code in range(0x0E)]
    assert actions == list(ObjectAction)
    assert vib("86 0F", from_master=True).qualifiers == ("reserved VIFE 0F",)


def test_record_errors_come_from_a_slave() -> None:
    for error in RecordError:
        meaning = decode_vib(bytes((0x86, error.code)), from_master=False)
        assert (meaning.error, meaning.action) == (error, None)
    assert vib("86 15", from_master=True).error is None


@pytest.mark.parametrize(
    ("code", "text", "exponent", "qualifiers"),
    [
        ("7C 05 30 2E 37 2E 43", "C.7.0", 0, ()),
        ("7C 00", "", 0, ()),
        # The standard's order: VIFEs, then length and text.
        ("FC 74 03 48 52 25", "%RH", -2, ()),
        ("FC F4 FC 01 03 48 52 25", "%RH", -2, ("phase L1",)),
        # Elvaco's order, in the CMa10.
        ("FC 03 48 52 25 74", "%RH", -2, ()),
        ("FC 03 48 52 25 F4 3B", "%RH", -2, ("import",)),
    ],
)
def test_plain_text(code: str, text: str, exponent: int, qualifiers: tuple[str, ...]) -> None:
    meaning = vib(code)
    assert (meaning.quantity, meaning.vif_text) == ("plain text", text)
    assert (meaning.exponent, meaning.qualifiers) == (exponent, qualifiers)
    # The data that follow do not change its end.
    for follows in ("", "00", "22 15", "FF FF FF FF", "41 42 43"):
        assert vib_end(h(code + follows), 0) == len(h(code))


def test_plain_text_with_an_action() -> None:
    meaning = vib("FC 00 03 65 6C 73", from_master=True)
    assert (meaning.vif_text, meaning.action) == ("sle", ObjectAction.WRITE)
    # The same in Elvaco's order.
    meaning = vib("FC 03 65 6C 73 00", from_master=True)
    assert (meaning.vif_text, meaning.action) == ("sle", ObjectAction.WRITE)


@pytest.mark.parametrize("code", ["7C", "7C 05 30", "FC", "FC 74", "FC 74 03 48", "FC F4", "FC 03 01 02 03 74"])
def test_plain_text_that_ends_too_early(code: str) -> None:
    with pytest.raises(MBusError) as caught:
        vib_end(h(code), 0)
    assert caught.value.code is MBusErrorCode.PREMATURE_END


@pytest.mark.parametrize("code", ["83" + "BB" * 10 + "3B", "FD C8" + "BB" * 9 + "3B", "FC" + "BB" * 10 + "3B 01 41"])
def test_more_than_ten_vifes(code: str) -> None:
    with pytest.raises(MBusError) as caught:
        vib(code)
    assert (caught.value.code, caught.value.offset) == (MBusErrorCode.TOO_MANY_VIFE, 11)


def test_ten_vifes_are_allowed() -> None:
    assert vib("83" + "BB" * 9 + "3B").qualifiers == ("import",) * 10


def test_adding_vifes() -> None:
    assert with_vifes(h("06"), 0x08) == h("86 08")
    assert with_vifes(h("FD 17"), 0x07) == h("FD 97 07")
    assert with_vifes(h("FB 82 73"), 0x3C) == h("FB 82 F3 3C")
    assert with_vifes(h("03")) == h("03")
    with pytest.raises(ValueError, match="10 VIFEs"):
        with_vifes(h("03"), *[0x3B] * 11)


def test_plain_text_is_written_in_the_order_of_the_standard() -> None:
    assert encode_plain_vib("C.7.0") == h("7C 05 30 2E 37 2E 43")
    assert encode_plain_vib("%RH", 0x74) == h("FC 74 03 48 52 25")


@pytest.mark.parametrize("text", ["", "\t", "€", "x" * 256])
def test_texts_that_no_vif_holds(text: str) -> None:
    with pytest.raises(ValueError):
        encode_plain_vib(text)


printable = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF).filter(lambda char: not "\x7f" <= char < "\xa0"),
    min_size=1,
    max_size=60,
)


@given(printable, st.lists(st.sampled_from([0x3B, 0x3C, 0x74, 0x12]), max_size=10), st.binary(max_size=8))
def test_plain_text_round_trip(text: str, vifes: list[int], follows: bytes) -> None:
    raw = encode_plain_vib(text, *vifes)
    assert vib_end(raw + follows, 0) == len(raw)
    meaning = decode_vib(raw, from_master=False)
    assert meaning.vif_text == text
    assert meaning.exponent == -2 * vifes.count(0x74)
