"""What a drill is and what may happen to it. Pure: no I/O, no clock, no ids made here."""
