"""Texts that an agent wrote for somebody, kept with every version: proposals, marketing texts."""
