"""The profile's own words in the user's language: those of the built-in file are known to the translators.

A profile of the user's own may say whatever it likes; what nobody has translated stands as it is written there.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

PROFILE_TEXTS = (
    QT_TRANSLATE_NOOP("Profile", "Module"),
    QT_TRANSLATE_NOOP("Profile", "Initialise"),
    QT_TRANSLATE_NOOP("Profile", "Forgets frame count bits and the telegram pointer; to 253 it deselects."),
    QT_TRANSLATE_NOOP("Profile", "documented"),
    QT_TRANSLATE_NOOP("Profile", "Speed"),
    QT_TRANSLATE_NOOP(
        "Profile",
        "E5 at the old speed, then the new one; kept with the first valid telegram at it, else back after 5 minutes.",
    ),
    QT_TRANSLATE_NOOP("Profile", "bit/s"),
    QT_TRANSLATE_NOOP("Profile", "Elvaco convention"),
    QT_TRANSLATE_NOOP("Profile", "Application reset"),
    QT_TRANSLATE_NOOP(
        "Profile", "B0 restores factory values; any other sub-code, or none, resets the telegram pointer only."
    ),
    QT_TRANSLATE_NOOP("Profile", "telegram pointer"),
    QT_TRANSLATE_NOOP("Profile", "factory values"),
    QT_TRANSLATE_NOOP("Profile", "All settings go back to factory values, address and speed too."),
    QT_TRANSLATE_NOOP("Profile", "Addressing"),
    QT_TRANSLATE_NOOP("Profile", "Primary address"),
    QT_TRANSLATE_NOOP("Profile", "Answers at the new address from the next telegram on."),
    QT_TRANSLATE_NOOP("Profile", "Secondary address"),
    QT_TRANSLATE_NOOP(
        "Profile", "Eight decimal digits. In the 8-byte form manufacturer, version and device type are ignored."
    ),
    QT_TRANSLATE_NOOP("Profile", "Disconnector"),
    QT_TRANSLATE_NOOP("Profile", "0 opens, 1 closes; takes about 10 s. The result is what the meter reports in C.5.0."),
    QT_TRANSLATE_NOOP("Profile", "close"),
    QT_TRANSLATE_NOOP("Profile", "open"),
    QT_TRANSLATE_NOOP("Profile", "Opening the disconnector cuts the power behind the meter."),
    QT_TRANSLATE_NOOP("Profile", "assumption"),
    QT_TRANSLATE_NOOP("Profile", "Disconnector control"),
    QT_TRANSLATE_NOOP("Profile", "0 off, 1 bus, 2 push button, 3 both."),
    QT_TRANSLATE_NOOP("Profile", "off"),
    QT_TRANSLATE_NOOP("Profile", "bus"),
    QT_TRANSLATE_NOOP("Profile", "push button"),
    QT_TRANSLATE_NOOP("Profile", "both"),
    QT_TRANSLATE_NOOP("Profile", "Passwords"),
    QT_TRANSLATE_NOOP("Profile", "P1 password"),
    QT_TRANSLATE_NOOP("Profile", "What the module shows the meter as P1; never read back."),
    QT_TRANSLATE_NOOP("Profile", "P2 login key"),
    QT_TRANSLATE_NOOP("Profile", "What the module shows the meter as P2; never read back."),
    QT_TRANSLATE_NOOP("Profile", "Rates"),
    QT_TRANSLATE_NOOP("Profile", "Meter rate"),
    QT_TRANSLATE_NOOP("Profile", "Sets the meter's rate at once; a refusal shows as rate error."),
    QT_TRANSLATE_NOOP("Profile", "Rate inputs enabled"),
    QT_TRANSLATE_NOOP(
        "Profile", "0: the rate inputs change nothing, a change at them is a rate error. 1: they choose the rate."
    ),
    QT_TRANSLATE_NOOP("Profile", "on"),
    QT_TRANSLATE_NOOP("Profile", "Clear error flags"),
    QT_TRANSLATE_NOOP("Profile", "Clears what was latched; live errors come back."),
    QT_TRANSLATE_NOOP("Profile", "Readout"),
    QT_TRANSLATE_NOOP("Profile", "Selection list"),
    QT_TRANSLATE_NOOP(
        "Profile", "OBIS codes with blanks between, as the meter spells them: only these are sent. Empty: all."
    ),
    QT_TRANSLATE_NOOP("Profile", "Rate mapping table"),
    QT_TRANSLATE_NOOP("Profile", "One rate for (B, A) = 00, 01, 10, 11; 0 is no change. Applies at once."),
    QT_TRANSLATE_NOOP("Profile", "P1 and P2 usage"),
    QT_TRANSLATE_NOOP(
        "Profile",
        "Two bits for each of rate (0-1), disconnector (2-3), display (4-5): 0 none, 1 P1, 2 P2; 3 is refused.",
    ),
    QT_TRANSLATE_NOOP("Profile", "rate"),
    QT_TRANSLATE_NOOP("Profile", "none"),
    QT_TRANSLATE_NOOP("Profile", "P1"),
    QT_TRANSLATE_NOOP("Profile", "P2"),
    QT_TRANSLATE_NOOP("Profile", "disconnector"),
    QT_TRANSLATE_NOOP("Profile", "display"),
    QT_TRANSLATE_NOOP("Profile", "Display"),
    QT_TRANSLATE_NOOP("Profile", "Display text"),
    QT_TRANSLATE_NOOP("Profile", "Up to 8 characters that seven segments can show; empty erases."),
    QT_TRANSLATE_NOOP("Profile", "Configuration tag"),
    QT_TRANSLATE_NOOP("Profile", "A number of the installer's own; the module only keeps it."),
)
"""Every word of the built-in profile that the window shows; a test compares."""


def profile_text(text: str) -> str:
    """A text of the profile as the user reads it."""
    return QCoreApplication.translate("Profile", text)
