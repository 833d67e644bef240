"""The simulated Landis+Gyr E350: its measurements, display and communication. It reads no clock."""
