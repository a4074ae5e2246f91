"""The use cases, and the ports through which they reach Saleor, Picqer and our own tables."""
