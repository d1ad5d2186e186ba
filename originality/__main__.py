"""Run the command line with `python -m originality`."""

from originality.cli import main

if __name__ == "__main__":
    main()
