"""The desk's views, by what they are about."""

from .pages import page

__all__ = ["page"]
