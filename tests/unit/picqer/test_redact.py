from saleor_picqer.picqer.redact import MAX_LENGTH, redacted


def test_key_is_hidden_when_the_text_repeats_it() -> None:
    assert redacted("wrong key s3cret!", secret="s3cret") == "wrong key [key]!"


def test_mail_address_is_hidden() -> None:
    assert redacted("Ongeldig: anna@example.org", secret="k") == "Ongeldig: [mail address]"


def test_text_is_one_short_printable_line() -> None:
    text = redacted("a\n\tb\x00\ud800" + "c" * 1000, secret="s3cret")

    assert text.startswith("a b c")
    assert len(text) == MAX_LENGTH
    assert text.isprintable()


def test_key_is_hidden_when_the_end_of_the_text_would_cut_it() -> None:
    assert "s3c" not in redacted("x" * (MAX_LENGTH - 3) + "s3cret", secret="s3cret")


def test_nothing_is_kept_when_it_is_no_text() -> None:
    assert redacted({"a": "anna@example.org"}, secret="k") == ""
