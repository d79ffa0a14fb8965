"""`python -m catchment` is the command line."""

from catchment.site.cli import main

main()
