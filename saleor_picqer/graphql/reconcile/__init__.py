"""Reconciles: what differs between Saleor and Picqer, and what was repaired."""
