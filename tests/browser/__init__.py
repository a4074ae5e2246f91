"""The simulator's web pages, used as a person does: in Chromium, by what can be read on them."""
