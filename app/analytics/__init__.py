"""What a market's own data say: how people get on, what is unusual, what is to be expected."""
