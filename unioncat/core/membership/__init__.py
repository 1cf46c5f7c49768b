"""What is known of libraries: where they are, of what kind, in which groups, and what became of them."""
