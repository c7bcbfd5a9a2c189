"""What is drawn: scenes in, pictures and wishes out. No torch and no engine."""
