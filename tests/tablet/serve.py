"""The web as ``rostrum serve`` runs it, without its solver."""

from __future__ import annotations

import sys

from waitress import serve

from webapp import create_app
from webapp.config import from_environment

if __name__ == "__main__":
    serve(create_app(from_environment()), host="127.0.0.1", port=int(sys.argv[1]), threads=16, ident=None)
