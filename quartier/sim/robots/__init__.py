"""Invented people who call the line of a demonstration, and the telephone that they call with: SIP and sound in a few
hundred lines, so that trying the line needs no other telephone. `quartier line test` dials with it too."""
