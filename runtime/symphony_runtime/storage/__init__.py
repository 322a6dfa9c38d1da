"""Where runs are kept: logs, blobs, locks, commands on their way."""
