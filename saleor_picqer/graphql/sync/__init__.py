"""The full sync of products, warehouses and stock."""
