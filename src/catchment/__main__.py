"""`python -m catchment` is the command line."""

from catchment.site.cli import main

if __name__ == "__main__":
    main()
