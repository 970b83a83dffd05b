"""What a student appointment asks: who they are, what they come for, when they should come."""
