"""Tokens of the API: who holds one is the person who signed in."""
