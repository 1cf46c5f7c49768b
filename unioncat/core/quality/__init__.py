"""Quality: what is wrong in a record that could be read, what that means, and how a librarian mends it."""
