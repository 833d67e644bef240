"""The simulated Landis+Gyr E350: what it measures, what it shows, how it answers. No I/O, no clock."""
