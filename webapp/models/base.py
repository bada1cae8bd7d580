"""What every table shares: the base class, the column types, names for constraints."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An instant in UTC. Stored without a zone, handed out with one; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware in, naive UTC stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a record's moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Naive UTC stored, aware out."""
        return None if value is None else value.replace(tzinfo=UTC)


class DecimalText(TypeDecorator[Decimal]):
    """A mark or result, kept as its text: SQLite would make it a float."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decimal in, its plain digits stored."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Plain digits stored, Decimal out."""
        return None if value is None else Decimal(value)


Document = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The base of all tables; wall-clock times are naive, moments are :class:`Moment`."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: Document, list[Any]: Document}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
