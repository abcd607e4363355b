"""What was said: documents, plans, industries and places, read from files and checked."""
