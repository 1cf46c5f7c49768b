"""Wire shapes: what goes over the network."""
