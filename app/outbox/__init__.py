"""What happened in a market, told to others: written with the deed, delivered at least once."""
