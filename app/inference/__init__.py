"""Inference: whoever writes an answer's words, behind one protocol."""
