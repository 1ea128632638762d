"""The picture that stands for a listing where somebody shares its page."""
