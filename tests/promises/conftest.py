"""The fixtures of the web's tests, under the watch of the audit log."""

from tests.promises import watch  # noqa: F401
from tests.webapp.conftest import config, demo_app, postgres_url, round_, session  # noqa: F401
