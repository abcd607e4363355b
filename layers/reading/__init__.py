"""Views and words."""
