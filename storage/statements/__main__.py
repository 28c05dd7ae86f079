"""For developers: `python -m storage.statements` compiles schema and statements anew."""

import msgspec

from storage.statements import KINDS, compiled

if __name__ == "__main__":
    for path, kind in KINDS.items():
        path.write_bytes(msgspec.json.format(msgspec.json.encode(compiled(kind)), indent=1) + b"\n")
