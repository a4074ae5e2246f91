"""The client's methods by topic: a method per endpoint of Picqer's API."""
