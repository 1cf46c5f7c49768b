"""Steps: load, call the rule, save, commit."""
