"""What a member does with those who offer: compares them, keeps some, asks for quotes."""
