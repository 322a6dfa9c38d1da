"""The `wf` command: `main` is where it starts, one file is one command."""
