"""Keep an order in step between Saleor and Picqer.

`push` starts from Saleor's order: it claims the row in the outbox and calls the function of each
action which `domain.order_state_machine` returns. `push.ACTIONS` names these functions:

- `lookup.look_up`
- `create.create`, with `customers` and `missing_products`
- `process.allocate`, `process.process`, `process.hold`
- `follow.follow`, with `fulfil`
- `cancel.cancel`

`update` sends changes before each action, and `follow.pull` starts from Picqer's webhooks.
`claim.ClaimedOrder` is the order on which all of them work, `texts` has what staff read.
"""
