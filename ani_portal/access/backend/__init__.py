"""Django's PostgreSQL backend, with a check of kept connections that costs no trip to the database."""
