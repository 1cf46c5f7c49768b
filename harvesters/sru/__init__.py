"""SRU 1.1, 1.2 and 2.0 (searching by URL) as a feed: the same slices, proofs and resumption as for Z39.50."""
