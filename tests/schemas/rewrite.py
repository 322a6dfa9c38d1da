"""`python -m tests.schemas.rewrite`: writes the newest schema of each kind as the model makes it, and prints its hash. A frozen one stays."""

from __future__ import annotations

import json
import sys
from hashlib import sha256

from tests.schemas.generated import FROZEN, GENERATE, schema_file

from symphony_schemas import newest


def main() -> int:
    for kind, generate in GENERATE.items():
        version = newest(kind)
        made = json.dumps(generate(version), indent=2, ensure_ascii=False) + "\n"
        path = schema_file(kind, version)
        if path.is_file() and path.read_text(encoding="utf-8") == made:
            continue
        if f"{kind}-{version}" in FROZEN:
            sys.stderr.write(f"{path.name} is frozen; name a new version in symphony_schemas.KINDS\n")
            return 1
        path.write_text(made, encoding="utf-8")
        sys.stdout.write(f"{path.name} {sha256(made.encode()).hexdigest()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
