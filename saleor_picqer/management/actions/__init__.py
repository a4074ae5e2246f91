"""What `manage.py picqer` can do: one class for each word."""
