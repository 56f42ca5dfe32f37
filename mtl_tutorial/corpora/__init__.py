"""Corpora: the one that ships with the course, and how it is made."""
