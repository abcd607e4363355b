"""The coordinate reference systems the project uses; no other module names an EPSG code.

Geometry is stored and drawn as longitude, latitude (in this order) in CGCS2000. PROJ treats the
step from CGCS2000 to WGS84 as identity: the two differ by less than the data's accuracy.
"""

from __future__ import annotations

CGCS2000 = "EPSG:4490"
WGS84 = "EPSG:4326"
# CGCS2000's ellipsoid; GRS80 differs from it by less than a micrometre in the semi-minor axis.
ELLIPSOID = "GRS80"
