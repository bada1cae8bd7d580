"""How fast workbooks come in and go out, beside the plainest thing that could do it."""
