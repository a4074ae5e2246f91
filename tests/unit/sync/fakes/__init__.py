"""The ports of `saleor_picqer.sync.ports` in memory, with the rules of what they stand for.

Each keeps the promises that the use cases build on, and no more: `outbox` those of the table and
its conditional updates, `picqer` those of Picqer's API, `shop` those of Saleor. `accidents` stands
between a use case and its ports, and lets go wrong there what can go wrong in life.
"""
