"""The state of the integration in one channel."""
