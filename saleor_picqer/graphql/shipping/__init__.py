"""Shipping methods, and which of them Picqer handles."""
