"""`python -m samples.generator`."""

from samples.generator.make import main

if __name__ == "__main__":
    raise SystemExit(main())
