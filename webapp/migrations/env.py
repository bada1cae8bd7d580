"""Alembic's way into the database."""

from alembic import context
from sqlalchemy import create_engine, pool

import webapp.db  # noqa: F401  (the engine's events)
from webapp.models import Base

url = context.config.get_main_option("sqlalchemy.url")
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
