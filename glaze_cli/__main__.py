"""`python -m glaze_cli`."""

from glaze_cli.cli import main

main()
