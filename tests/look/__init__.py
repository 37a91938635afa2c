"""Seeing every page: a school to look at, its pages, and their pictures."""
