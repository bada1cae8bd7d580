"""People, pages and data."""
