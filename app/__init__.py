"""Agora: many local markets of services in one self-hosted program."""
