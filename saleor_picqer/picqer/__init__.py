"""Picqer's API: the client with retries and rate limiter, wire objects, and the gateway."""
