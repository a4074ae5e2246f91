"""The mapping between the shop's objects and Picqer's: all of Picqer's names outside `picqer/`."""
