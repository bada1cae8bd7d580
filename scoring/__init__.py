"""From marks to results, and how far to trust them."""
