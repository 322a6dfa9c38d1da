"""The disk around the compiler: `wf.toml`, finding and reading files, imports, Python modules, artifacts."""
