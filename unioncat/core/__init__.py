"""The rules: values in, values out. No clock, no randomness, no log, no input or output."""
