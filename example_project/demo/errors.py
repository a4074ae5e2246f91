"""What can end the story."""


class StoryStoppedError(Exception):
    """It cannot go on without what did not happen; the message says what."""
