"""The office's day: who is expected, who came, who waits, who is called, and what is counted at the end."""
