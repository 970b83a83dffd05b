"""AGDREF: the registry of foreign nationals and of their residence permits, read by foreigner number."""
