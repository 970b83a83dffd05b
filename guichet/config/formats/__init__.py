"""How dates are written in the languages whose own habits would mislead here."""
