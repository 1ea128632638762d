"""What a member sees and does of the events that they prepare."""
