"""The web pages on which a person plays warehouse. Server-rendered, without JavaScript."""
