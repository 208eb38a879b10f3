"""Many requests at once: read as columns, matched by the engine, decided by the database; and what would change if."""
