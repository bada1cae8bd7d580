"""``make load``: real clients over HTTP against real server processes; the figures go to ``docs/load.md``."""
