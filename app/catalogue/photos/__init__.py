"""Photos of listings: drawn anew, kept in several widths, hung in an order."""
