"""A runnable shop: Saleor 2.10 with the plugin and a simulated Picqer."""
