"""Products on their way to Picqer."""
