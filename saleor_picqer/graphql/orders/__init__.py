"""Orders on their way to Picqer: the list, and what staff can do about them."""
