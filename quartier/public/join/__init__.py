"""Becoming a volunteer, in a minute."""
