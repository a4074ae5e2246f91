"""Our tables as the use cases see them."""
