"""The matching engine: who could help whom, for one request or for a whole country at once. Pure; NumPy and Numba."""
