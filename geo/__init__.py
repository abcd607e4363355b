"""Where things are: coordinate systems, boundaries, the gazetteer and footprints."""
