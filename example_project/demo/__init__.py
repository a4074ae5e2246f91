"""The demo: a running example shop that sells, and a Picqer that ships."""
