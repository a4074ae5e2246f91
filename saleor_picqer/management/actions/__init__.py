"""The subcommands of `manage.py picqer`, one module for each."""
