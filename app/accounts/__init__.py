"""People of a market: who they are, how they prove it, and their sign-ins."""
