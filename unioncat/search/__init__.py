"""The adapters of the search port."""
