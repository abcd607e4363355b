"""``python -m app.command`` runs the command line where there is no script ``jitu``."""

from app.command.cli import run

run()
