"""The desk's pages about how long records are kept, and about people who ask what is held about them."""
