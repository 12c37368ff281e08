"""No tables of its own: Django tells only apps with this file that migrations are done (apps.py)."""
