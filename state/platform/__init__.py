"""The pages of who runs the platform."""
