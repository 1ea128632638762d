"""What was done by whom: a log that the program can add to and never change."""
