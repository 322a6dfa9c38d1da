"""Who did what, when, in which run: kept apart from the runs, each entry holding the hash of what stands before."""
