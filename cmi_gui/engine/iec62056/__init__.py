"""IEC 62056-21: messages, data sets, and the two roles, reading device and tariff device. No I/O, no clock."""
