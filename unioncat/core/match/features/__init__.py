"""What one aspect of two descriptions says, each in its own module."""
