"""Workshops for families: a hall answers six questions on its own phones. No child is in it."""
