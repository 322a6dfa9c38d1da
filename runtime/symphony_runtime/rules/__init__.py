"""What follows from what happens to a run: decisions, the state that entries make, and what is left to do. No clock, no chance, no disk."""
