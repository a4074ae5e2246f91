import pytest

from saleor_picqer.picqer.redact import MAX_LENGTH, redacted


def test_key_is_hidden_when_the_text_repeats_it() -> None:
    assert redacted("wrong key s3cret!", secret="s3cret") == "wrong key [key]!"


def test_mail_address_is_hidden() -> None:
    assert redacted("Ongeldig: anna@example.org", secret="k") == "Ongeldig: [mail address]"


@pytest.mark.parametrize(
    "number", ["+31 6 12345678", "0612345678", "06-12345678", "(020) 123 45 67", "0032470123456"]
)
def test_telephone_number_is_hidden(number: str) -> None:
    """Failure mode F111."""
    assert redacted(f"Ongeldig: {number}.", secret="k") == "Ongeldig: [telephone number]."


@pytest.mark.parametrize(
    "text", ["order 20190077", "SKU 0123-45", "at 2026-02-03 11:20:05", "1.05"]
)
def test_other_numbers_stay(text: str) -> None:
    assert redacted(text, secret="k") == text


def test_text_is_one_short_printable_line() -> None:
    text = redacted("a\n\tb\x00\ud800" + "c" * 1000, secret="s3cret")

    assert text.startswith("a b c")
    assert len(text) == MAX_LENGTH
    assert text.isprintable()


def test_key_is_hidden_when_the_end_of_the_text_would_cut_it() -> None:
    assert "s3c" not in redacted("x" * (MAX_LENGTH - 3) + "s3cret", secret="s3cret")


def test_nothing_is_kept_when_it_is_no_text() -> None:
    assert redacted({"a": "anna@example.org"}, secret="k") == ""
