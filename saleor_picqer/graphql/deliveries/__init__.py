"""Webhook deliveries from Picqer: the list, and handling them again."""
