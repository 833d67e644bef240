"""What the bundle's executables run."""

from cmi_gui.__main__ import main

main()
