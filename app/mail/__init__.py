"""Letters to people: written in their language, sent by SMTP or kept in a folder."""
