"""What a single machine needs: a private PostgreSQL."""
