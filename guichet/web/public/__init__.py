"""Pages anyone may open: home, help, contact, orientation, legal pages, health."""
