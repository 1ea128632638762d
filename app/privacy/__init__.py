"""What is held about a person: shown, given out, erased, and kept no longer than said."""
