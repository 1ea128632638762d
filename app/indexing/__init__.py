"""Telling search engines what is new (IndexNow), for markets that want it."""
