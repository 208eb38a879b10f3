"""What more than one file of tests asks for."""

from tests.synapse import names, synapse

__all__ = ["names", "synapse"]
