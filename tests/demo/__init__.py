"""Tests of the demo's own code and of the services that devtools starts."""
