"""What proves a person beside a password: passkeys, codes of an authenticator, recovery codes."""
