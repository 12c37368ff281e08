"""The embedded PostgreSQL used for trying the portal out and for its tests. Never for production."""
