"""e-photo: the registry of digital identity photos and signatures taken by approved photographers and booths."""
