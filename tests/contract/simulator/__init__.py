"""The simulator over real HTTP, seen by a plain client."""
