"""Tags of the ways in."""
