"""What is made from the rule book and its judgments for people and for other systems."""
