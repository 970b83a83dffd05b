"""The State's registries: one port, one simulator, one HTTP adapter each."""
