"""FNE: the national file of foreign nationals, read by what a residence permit bears: its number, its first and last day."""
