"""Three invented markets with which a fresh installation shows what it does."""
