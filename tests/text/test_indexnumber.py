"""索引号 in its many forms, and the check digits inside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.text.indexnumber import CreditCode, IndexNumber, OrgCode

FORMS = [
    ("11341602003165791L/202512-00001", "11341602003165791L", 2025, 12, "00001"),
    ("113417000032450703/202306-00065", "113417000032450703", 2023, 6, "00065"),
    ("003110926/201510-00216", "003110926", 2015, 10, "00216"),
    ("000014349/2022-00039", "000014349", 2022, None, "00039"),
    ("11370322004222241N/2021-5135380", "11370322004222241N", 2021, None, "5135380"),
    ("TCXXGK-2020-011721", "TCXXGK", 2020, None, "011721"),
    ("6107280000/2024-001005", "6107280000", 2024, None, "001005"),
    ("pjsrmzf-2023-000005", "pjsrmzf", 2023, None, "000005"),
    ("0142768-8/2022-00185", "0142768-8", 2022, None, "00185"),
]
CODES = [
    "11341602003165791L",
    "113417000032450703",
    "11370322004222241N",
    "11620622013933539B",
    "11441700007280420Y",
]


@pytest.mark.parametrize(("text", "issuer", "year", "month", "sequence"), FORMS)
def test_known_forms_are_taken_apart(text, issuer, year, month, sequence):
    number = IndexNumber.parse(f" {text} ")
    assert (number.issuer, number.year, number.month, number.sequence) == (
        issuer,
        year,
        month,
        sequence,
    )
    assert str(number) == text
    assert number.problem() is None


@pytest.mark.parametrize("text", ["随便写的", "123", "11341602003165791L/202513-1", "A-1"])
def test_unknown_forms_stay_opaque(text):
    number = IndexNumber.parse(text)
    assert (str(number), number.issuer, number.year) == (text, None, None)


def test_full_width_is_the_same_number():
    assert IndexNumber.parse("０００014349／2022－00039") == IndexNumber.parse(
        "000014349/2022-00039"
    )


def test_only_an_empty_number_is_refused():
    with pytest.raises(ParseError, match="索引号为空"):
        IndexNumber.parse("　")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("000014348/2022-00039", "应为“9”"), ("11341602003165791M/202512-00001", "应为“L”")],
)
def test_a_wrong_check_digit_is_a_problem_not_an_error(text, expected):
    assert expected in (IndexNumber.parse(text).problem() or "")


@pytest.mark.parametrize("code", CODES)
def test_real_codes_pass_and_a_changed_character_never_does(code):
    parsed = CreditCode.parse(code.lower())
    assert str(parsed) == code
    assert OrgCode.parse(str(parsed.org)) == parsed.org
    for at, old in enumerate(code):
        new = "7" if old != "7" else "8"
        with pytest.raises(ParseError):
            CreditCode.parse(code[:at] + new + code[at + 1 :])
    for at in range(17):
        if code[at] != code[at + 1]:
            with pytest.raises(ParseError):
                CreditCode.parse(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


def test_letters_that_look_like_digits_are_named():
    with pytest.raises(ParseError, match="“O”"):
        CreditCode.parse("1134160200316579OL")
    with pytest.raises(ParseError, match="现为3位"):
        CreditCode.parse("123")


@pytest.mark.parametrize("code", ["00001434-9", "000014349", "003110926", "053533505"])
def test_old_codes_are_printed_with_their_hyphen(code):
    assert str(OrgCode.parse(code)) == f"{code[:8]}-{code[-1]}"


@given(st.text(min_size=1))
def test_an_index_number_keeps_any_text(text):
    try:
        number = IndexNumber.parse(text)
    except ParseError:
        assert not text.strip()
    else:
        assert IndexNumber.parse(str(number)) == number
