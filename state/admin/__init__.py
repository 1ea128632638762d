"""What the people who run a market see and do in its console."""
