"""Keys of the API: for programs that act in a market's name, not in a person's."""
