"""Agents: Maestro, who understands what is wanted, and the specialists who find it."""
