"""Knowledge: the articles that a market answers from."""
