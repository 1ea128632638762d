"""The pages of a market's console."""
