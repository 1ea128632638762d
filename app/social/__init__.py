"""What others say of a market: mentions brought in, how they sound, and what they are about."""
