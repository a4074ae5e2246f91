"""The doctor: what it examines, and how it judges what the adapters have read."""
