"""A venue with many tablets: its round, its server as a process of its own, its bad network, its days."""
