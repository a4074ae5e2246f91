"""The plugin's part of Saleor's GraphQL schema, by topic."""
