"""Feeds: each harvester yields pages of delivered records."""
