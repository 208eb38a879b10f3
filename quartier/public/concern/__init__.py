"""Somebody is worried: raising a concern without signing in, following it, and the page of the trustee."""
