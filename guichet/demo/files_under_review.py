"""The files that wait in Lille when the demonstration opens: one to review, one awaiting a complement, one decided."""
