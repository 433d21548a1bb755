"""One index version over several PostgreSQL nodes, by département, searched together."""
