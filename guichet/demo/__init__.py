"""The demonstration world: invented people, the on-screen mailbox, the movable clock. Exists with DEMO=1 only."""
