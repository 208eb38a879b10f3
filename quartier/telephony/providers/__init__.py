"""What carries out the orders of call control, one folder for each kind of carrier."""
