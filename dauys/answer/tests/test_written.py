"""What anybody may write into an address is a number, a moment, or nothing; never an error."""

from datetime import UTC, datetime

import pytest

from dauys.answer.written import moment, whole_number


@pytest.mark.parametrize(
    ("written", "number"),
    [("7", 7), ("007", 7), ("0", 0), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None),
     ("", None), ("-7", None), ("7.0", None), (" 7", None), ("٧", None), ("²", None)],
)  # fmt: skip
def test_only_plain_digits_are_a_number(written, number):
    assert whole_number(written) == number


def test_a_number_may_have_a_shorter_end():
    assert (whole_number("9999", digits=4), whole_number("10000", digits=4)) == (9999, None)


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01", "9" * 5000])
def test_what_is_no_moment_is_nothing(written):
    assert moment(written) is None


def test_a_moment_comes_back_as_a_page_wrote_it():
    now = datetime(2026, 3, 10, 6, 0, 0, 123456, tzinfo=UTC)
    assert moment(now.isoformat()) == now
