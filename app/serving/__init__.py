"""The server: the page, the API and health on one port, and the HTML shell with its cover."""
