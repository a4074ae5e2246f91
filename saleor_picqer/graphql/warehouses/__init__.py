"""The preview of a sync of warehouses."""
