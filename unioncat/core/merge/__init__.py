"""Merge: the source records of one cluster become one master record with provenance."""
