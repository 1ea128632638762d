"""Search: finding listings and passages by what a person means, in any language."""
