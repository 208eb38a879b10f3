"""What the screens of the team read. Each function makes the same number of queries, however much there is."""
