"""Budgets of event projects: what is planned, what it comes to, and what follows from it."""
