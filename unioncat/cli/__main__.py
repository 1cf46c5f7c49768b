"""Runs the command line as `python -m unioncat.cli`."""

from unioncat.cli import main

if __name__ == "__main__":
    main()
