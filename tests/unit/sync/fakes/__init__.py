"""The ports of `saleor_picqer.sync.ports` in memory.

`outbox` and `links` follow the plugin's tables, `picqer` follows Picqer's API, `shop` follows
Saleor. `faults` wraps a port and makes single calls fail.
"""
