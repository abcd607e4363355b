"""The live connection for a GIS: OGC API – Features over the layers of the atlas."""
