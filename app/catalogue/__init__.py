"""The catalogue: categories, providers and the services they list."""
