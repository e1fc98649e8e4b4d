from dauys.cli import main

main()
