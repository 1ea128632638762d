"""How fast a market's pages are: alone, beside the same page in Next.js, and how light they are."""
