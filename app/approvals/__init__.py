"""Deeds that wait for a person's word: asked for, decided, carried out once."""
