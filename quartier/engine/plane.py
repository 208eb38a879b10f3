"""The plane on which distances are measured."""

# Metres of one degree of latitude on the sphere of `lib.cells`: the same figure as in the SQL of `matching.queries`.
METRES_A_DEGREE = 111_194.9
