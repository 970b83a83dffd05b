"""The office's day of appointments: who is expected, who arrives, who waits, who is called, what is booked at the counter."""
