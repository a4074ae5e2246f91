"""The demo: a running example shop, and a Picqer account for shipping."""
