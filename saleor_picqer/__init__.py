"""Saleor sells; Picqer picks, packs and ships; this plugin keeps the two in step."""

__version__ = "0.1.0"
