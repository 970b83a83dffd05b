"""INE: the national register of students, read by the number that each is given on enrolling for the first time."""
