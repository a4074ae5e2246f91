"""Our part of Saleor's own GraphQL schema."""
