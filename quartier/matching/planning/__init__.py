"""Beyond one wave: why somebody stands where they stand, and what would change if something were different."""
