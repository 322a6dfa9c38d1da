"""A workflow as the engine runs it, made once from the graph."""
