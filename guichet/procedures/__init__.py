"""The language in which an online procedure is written, its catalogue, and what can be computed from a definition and answers."""
