"""Sockets: talking with a market over one connection, in both directions."""
