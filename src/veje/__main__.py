"""`python -m veje` is the command `veje`."""

from veje.cli import main

if __name__ == "__main__":
    main()
