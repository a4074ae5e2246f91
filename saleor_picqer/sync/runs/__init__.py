"""Bring a whole shop in step with Picqer: products, stock, or both in a single pass over the lists.

A run may take hours. Each call works for a short time and saves the position.
"""

from saleor_picqer.sync.runs.steps import carry_on

__all__ = ["carry_on"]
