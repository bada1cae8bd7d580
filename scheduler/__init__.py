"""Who is heard by whom, when and where."""
