"""Match: which descriptions are of one publication, and why."""
