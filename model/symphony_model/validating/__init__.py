"""What is wrong with a graph, and what is hardly meant."""
