"""Asking for help: one question a page."""
