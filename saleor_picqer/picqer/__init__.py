"""Everything that knows Picqer's wire format: client, retries, rate governor, typed objects."""
