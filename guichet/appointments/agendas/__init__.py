"""How an office opens its agendas: the rules, the slots they make, closures, and the people a change concerns."""
