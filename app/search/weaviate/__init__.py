"""The search index in Weaviate: one tenant per market, vectors made here, ordered here."""
