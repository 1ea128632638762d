"""Reviews: what members say of services, the providers' answers, and their moderation."""
