"""Extraction: what a file says, as blocks of text with their places.

`reading.py` is the way in. It starts `child.py` as a process of its own, with little memory and
time, because files come from strangers and the libraries that open them are large.
"""
