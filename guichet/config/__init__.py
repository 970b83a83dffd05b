"""Settings read from the environment, URLs, WSGI. The roof of the house: imports everything, is imported by nothing."""
