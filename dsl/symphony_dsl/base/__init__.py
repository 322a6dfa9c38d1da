"""What everything else stands on: places, messages, types, values, and how they become JSON."""
