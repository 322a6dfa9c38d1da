"""The JSON of a workflow, by tables: one for each class, which say how each field is written and read."""
