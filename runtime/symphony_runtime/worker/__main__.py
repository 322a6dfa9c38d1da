"""`python -m symphony_runtime.worker`: started by an engine, never by a person."""

import sys

from symphony_runtime.worker.child import main

if __name__ == "__main__":
    sys.exit(main())
