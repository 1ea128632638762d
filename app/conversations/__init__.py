"""Conversations: an append-only log of what was said, and by whom."""
