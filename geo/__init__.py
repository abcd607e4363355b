"""Where things are: coordinate systems, boundaries, the gazetteer and footprints.

The package turns the places that the records name into geometry in CGCS2000 longitude and latitude.
It does not decide what a map shows: see :mod:`layers`.
"""
