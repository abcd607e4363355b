"""The command line `jitu`."""
