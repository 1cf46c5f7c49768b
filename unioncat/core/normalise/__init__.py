"""Normalise: a `MarcRecord` becomes the `Description` that matching compares."""
