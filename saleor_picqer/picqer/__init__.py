"""Everything that knows Picqer's wire format: client, retries, rate rate_limiter, typed objects."""
