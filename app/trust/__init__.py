"""What may reach a model, what may leave the installation, and what of an answer may be shown."""
