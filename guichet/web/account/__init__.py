"""Ways in: creating an account, signing in, forgotten identifier or password, my account."""
