"""The store of keys is closed until the app that owns the records says who may read which (requests/rings.py)."""
