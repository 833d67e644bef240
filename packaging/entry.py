"""The entry point of the bundle's executables."""

from cmi_gui.__main__ import main

main()
