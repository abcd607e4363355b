"""Columns, facts and drawing that several kinds of layers share."""
