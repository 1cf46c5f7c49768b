"""Encoding: text that was read in the wrong character set becomes the text that was meant."""
