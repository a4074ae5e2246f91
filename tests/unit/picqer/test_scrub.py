from saleor_picqer.picqer.scrub import MAX_LENGTH, scrubbed


def test_key_is_hidden_when_the_text_repeats_it():
    assert scrubbed("wrong key s3cret!", secret="s3cret") == "wrong key [key]!"


def test_mail_address_is_hidden():
    assert scrubbed("Ongeldig: anna@example.org", secret="k") == "Ongeldig: [mail address]"


def test_text_is_one_short_printable_line():
    text = scrubbed("a\n\tb\x00\ud800" + "c" * 1000, secret="s3cret")

    assert text.startswith("a b c")
    assert len(text) == MAX_LENGTH
    assert text.isprintable()


def test_key_is_hidden_when_the_end_of_the_text_would_cut_it():
    assert "s3c" not in scrubbed("x" * (MAX_LENGTH - 3) + "s3cret", secret="s3cret")


def test_nothing_is_kept_when_it_is_no_text():
    assert scrubbed({"a": "anna@example.org"}, secret="k") == ""
