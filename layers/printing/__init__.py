"""Printed map sheets: a view of the atlas as a finished A4 or A3 page, drawn without a browser."""
