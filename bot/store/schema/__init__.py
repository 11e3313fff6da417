"""The store's tables, step by step; each step is one transaction and is recorded. A file a part of the store."""

from sqlite_utils.migrations import Migrations

from bot.store.schema import audit, cases, reports, reviews, staff, statistics

STEPS: tuple[Migrations, ...] = (
    reports.migrations,
    staff.migrations,
    cases.migrations,
    audit.migrations,
    reviews.migrations,
    statistics.migrations,
)
"""In the order in which they are taken: later parts refer to earlier ones."""
