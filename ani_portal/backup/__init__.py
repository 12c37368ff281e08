"""Backups: two encrypted dumps of one moment, the data and the store of keys, kept for different times."""
