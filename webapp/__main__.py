"""``python -m webapp`` is ``rostrum``."""

from webapp.cli import main

main()
