"""The web pages: orders, stock, webhooks and requests in a browser."""
