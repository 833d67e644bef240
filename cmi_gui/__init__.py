"""cmi_gui: the CMi1020 M-Bus module for the Landis+Gyr E350, as a program."""

__version__ = "1.0.0"
