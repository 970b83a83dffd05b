"""Where an office sets up its appointments: agendas, closures, types. Its administrator changes, its officers read."""
