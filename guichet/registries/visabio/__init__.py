"""VISABIO: the registry of visas, read by what a visa sticker bears: its number, its first and last day."""
