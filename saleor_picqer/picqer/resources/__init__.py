"""What can be asked of Picqer, one file per topic."""
