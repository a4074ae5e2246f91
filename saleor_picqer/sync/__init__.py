"""Use cases, and their ports to Saleor, Picqer and the plugin's own tables."""
