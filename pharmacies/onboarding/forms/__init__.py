"""What a coordinator or an administrator fills in."""
