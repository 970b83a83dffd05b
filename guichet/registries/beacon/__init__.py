"""A public source of random values, each announced beforehand by the number of its round: the seed of draws."""
