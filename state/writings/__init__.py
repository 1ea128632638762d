"""The pages of texts that are written for people."""
