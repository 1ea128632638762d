"""Signing in by other sites: which a market offers, how they are asked, and what is believed."""
