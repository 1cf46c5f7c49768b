"""unioncat: a union catalogue that harvests, matches, merges and serves the records of many libraries."""

__version__ = "0.1.0"
