"""Received files: checked by content, cleaned, stored under random names, served to whoever the asking room allows."""
