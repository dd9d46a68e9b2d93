"""Numbers and truth values: read as they are meant, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.normalize.numbers import parse_boolean, parse_integer, parse_number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("0", 0.0), ("7", 7.0), ("007", 7.0), ("3.5", 3.5), ("3,5", 3.5), ("-3", -3.0), ("−3,5", -3.5), ("+3", 3.0),
        ("1,234", 1234.0), ("1.234", 1234.0), ("1 234", 1234.0), ("1\xa0234", 1234.0), ("1\u202f234,5", 1234.5),
        ("1'234.50", 1234.5), ("1’234", 1234.0), ("1,234,567", 1234567.0), ("1.234.567,89", 1234567.89),
        ("1,234.5", 1234.5), ("0.125", 0.125), ("0,125", 0.125), ("12.34", 12.34), ("1234.567", 1234.567), ("1.2345",
        1.2345),
        ("12,34,567", 1234567.0), ("1,23,456.75", 123456.75), (".5", 0.5), ("$ .50", 0.5),
        ("$5.00", 5.0), ("5 €", 5.0), ("approx. 300 words", 300.0), ("4.", 4.0), ("4, perhaps", 4.0), ("99%", 99.0),
        ("COVID-19", 19.0), ("٣٤", 34.0), ("5\xa0000", 5000.0),
        ("Rs.500", 500.0), ("No.42", 42.0), ("Fr.12", 12.0), ("S/.25", 25.0), ("... 5", 5.0), ("...5", 5.0),
        ("-.5", -0.5),
        ("१,२३४", 1234.0), ("٤,١٢٥", 4125.0), ("１,０００", 1000.0), ("१,२३,४५६", 123456.0), ("०.१२५", 0.125),
        ("–3 °C", -3.0), ("at –3 °C", -3.0), ("19,–", 19.0),
        ("3 min read", 3.0), ("5 m", 5.0), ("1.85m", 1.85), ("50 m²", 50.0), ("512 MB", 512.0), ("12kg", 12.0),
        ("5 millionaires", 5.0), ("3 billiard tables", 3.0),
    ],
)  # fmt: skip
def test_numbers(raw: str, number: float) -> None:
    assert parse_number(raw) == number


@pytest.mark.parametrize("raw", ["-0", "-0.00%", "\u22120,0", "-.0", "-0 million"])
def test_zero_has_no_sign(raw: str) -> None:
    """Spark takes a row group of -0.0 for one without zeros."""
    assert str(parse_number(raw)) == "0.0"


@pytest.mark.parametrize(
    "raw",
    [
        "", "none", "-", ".", "1 2", "2022 2023", "10 20 30", "5 or 6", "10-20", "24.02.2022", "1.2.3", "1,2,3",
        "1..5", "1,,5",
        "1,234.567.8", "1.234,567.8", "10:30", "3/4", "1e5", "five", "²", "9" * 400, "10–20",
        "12K", "12 k€", "2700K", "1.2M", "1.2B", "5 M€", "£5m", "$ 5 b", "£5bn", "3 billion", "1,2 Billionen", "5 mil",
        "5 mille", "5 lacs", "1½", "1 ½", "10²", "500¹", "5千克", "1.234 million", "1,234 Mio. EUR", "9 million" * 400,
    ],
)  # fmt: skip
def test_what_is_not_one_number(raw: str) -> None:
    with pytest.raises(ValueError, match="number"):
        parse_number(raw)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1.2 million", 1200000), ("3 Mio.", 3000000), ("3 Mio. Euro", 3000000), ("-2 MILLION", -2000000),
        ("5 thousand", 5000), ("5 crore", 50000000), ("2,5 lakh", 250000), ("1,5 млн", 1500000), ("4 Mrd.", 4 * 10**9),
        ("1万円", 10000), ("5만원", 50000), ("3億", 300000000), ("1.234,5 Mio", 1234500000), ("$5 million", 5000000),
        ("0.5 thousand", 500),
    ],
)  # fmt: skip
def test_words_of_one_meaning_multiply(raw: str, number: int) -> None:
    assert parse_number(raw) == parse_integer(raw) == number


@pytest.mark.parametrize(
    ("raw", "decimal", "number"),
    [
        ("4.125", ".", 4.125), ("4,125", ".", 4125.0), ("4,125", ",", 4.125), ("4.125", ",", 4125.0),
        ("-48.857°", ".", -48.857), ("1,234,567.890", ".", 1234567.89), ("1.234.567,890", ",", 1234567.89),
        ("1 234,567", ",", 1234.567), ("1'234.567", ".", 1234.567), ("12,34,567.125", ".", 1234567.125), (".125", ".",
        0.125), ("7", ",", 7.0), ("0,125 kg", ",", 0.125), ("1.234 million", ".", 1234000.0),
    ],
)  # fmt: skip
def test_numbers_of_which_the_decimal_mark_is_known(raw: str, decimal: str, number: float) -> None:
    assert parse_number(raw, decimal) == number


@pytest.mark.parametrize(
    ("raw", "decimal"),
    [("4,5", "."), ("4.5", ","), ("1.234.567", "."), ("1,234,567", ","), ("1,23,456", ","), ("1.234,5", ".")],
)
def test_a_mark_that_is_not_the_decimal_one_groups_thousands(raw: str, decimal: str) -> None:
    with pytest.raises(ValueError, match="number"):
        parse_number(raw, decimal)


@given(st.integers(-(10**12), 10**12), st.sampled_from(",.' \xa0\u202f’"))
def test_grouped_integers(number: int, separator: str) -> None:
    assert parse_number(f"{number:,}".replace(",", separator)) == number


@given(
    st.integers(-(10**9), 10**9), st.integers(0, 99), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")])
)
def test_grouped_decimals(whole: int, cents: int, marks: tuple[str, str]) -> None:
    text = f"{whole:,}".replace(",", marks[0]) + f"{marks[1]}{cents:02}"
    assert parse_number(f"{text} EUR") == pytest.approx(float(f"{whole}.{cents:02}"))


@given(st.text(max_size=40) | st.text("0123456789.,'- \xa0", max_size=20))
def test_any_text_is_a_number_or_a_value_error(raw: str) -> None:
    try:
        assert isinstance(parse_number(raw), float)
    except ValueError as error:
        if "number" not in str(error):
            raise


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("12", 12),
        ("1,234", 1234),
        ("-7 words", -7),
        ("5.0", 5),
        ("9007199254740993", 2**53 + 1),
        ("9007199254740993 thousand", 1000 * (2**53 + 1)),
    ],
)
def test_integers(raw: str, number: int) -> None:
    assert parse_integer(raw) == number


@pytest.mark.parametrize("raw", ["3.5", "", "x", "9223372036854775808", "9" * 400, "1 2"])
def test_what_is_not_one_integer(raw: str) -> None:
    with pytest.raises(ValueError, match="number"):
        parse_integer(raw)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_integer_of_64_bits_is_exact(number: int) -> None:
    assert parse_integer(str(number)) == number


@pytest.mark.parametrize("raw", ["true", " TRUE ", "Yes", "1", "on", "y"])
def test_true(raw: str) -> None:
    assert parse_boolean(raw) is True


@pytest.mark.parametrize("raw", ["false", " False\n", "NO", "0", "off", "n"])
def test_false(raw: str) -> None:
    assert parse_boolean(raw) is False


@pytest.mark.parametrize("raw", ["", "maybe", "2", "truefalse", "ja", "none", "null"])
def test_neither(raw: str) -> None:
    with pytest.raises(ValueError, match="neither true nor false"):
        parse_boolean(raw)
