"""Export formats: one module per format, and the package that all of them write."""
