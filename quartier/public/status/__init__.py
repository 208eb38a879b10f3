"""The private page of who asked: who comes and when, and what one can do."""
