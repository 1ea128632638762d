"""What the people who offer services see and do in their office."""
