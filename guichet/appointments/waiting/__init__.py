"""When nothing is free: the waiting list with its offers, and the certificate of a failed attempt."""
