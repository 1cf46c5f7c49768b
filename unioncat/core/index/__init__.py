"""Index: a master record as the search engines see it, and the query that finds it."""
