"""Work that outlives the request that asked for it: queued in Postgres, done by Procrastinate."""
