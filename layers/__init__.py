"""Layers, views on them, their portrayal, the map and the exports."""
