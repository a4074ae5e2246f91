"""The settings of a channel, and the test of its connection to Picqer."""
