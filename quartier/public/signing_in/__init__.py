"""Signing in: a code by mail or text, or a passkey. Volunteers and the team use the same page."""
