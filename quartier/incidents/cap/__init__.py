"""Alerts of authorities in the Common Alerting Protocol 1.2 (OASIS), read: never sent, never trusted further than to
propose something to a person."""
