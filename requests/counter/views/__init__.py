"""The tablet. One address that never changes in a way that tells anything; every answer is saved as it is given."""
