"""The client's methods by topic: one method per endpoint of Picqer's API."""
