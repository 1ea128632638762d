"""Adapters: what a market's approved replies teach, tried against the base and published."""
