"""Between call control and the database: the journal, the desk that carries words, the exchange that runs the lines."""
