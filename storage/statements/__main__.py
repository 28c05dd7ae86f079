"""For developers: `python -m storage.statements` compiles schema and statements anew."""

import msgspec

from storage.sqlite.compiled import PATH
from storage.statements import compiled

if __name__ == "__main__":
    PATH.write_bytes(msgspec.json.format(msgspec.json.encode(compiled()), indent=1) + b"\n")
