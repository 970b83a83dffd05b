"""What officers do with a deposited application: review, complement requests, decisions."""
