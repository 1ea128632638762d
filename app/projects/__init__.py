"""Events that people prepare: what is known of each, its tasks, and the guests who come."""
