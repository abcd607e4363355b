"""The formats a layer leaves in: one module each, and the package they all write."""
