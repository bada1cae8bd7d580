"""Alembic's way into the database."""

from alembic import context
from sqlalchemy import create_engine, pool

import webapp.db  # noqa: F401  (the engine's events)
from webapp.models import Base

url = context.config.get_main_option("sqlalchemy.url")
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        # A changed table is made anew and the old one dropped: with keys enforced that deletes what points at its rows.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if engine.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"a migration left rows that point nowhere: {lost[:3]}")
    connection.commit()
