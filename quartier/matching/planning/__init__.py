"""Many requests at once: read as columns, matched by the engine, written as offers that wait for their wave."""
