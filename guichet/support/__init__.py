"""Contact requests and blocked accounts: tickets and their answers."""
