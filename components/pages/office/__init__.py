"""Pages of a provider's office."""
