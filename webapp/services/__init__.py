"""Use cases: each takes a session, an actor and a clock, and knows no Flask."""
