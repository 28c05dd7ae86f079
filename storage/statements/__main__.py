"""For developers: `python -m storage.statements` writes the compiled statements anew."""

import json

from storage.sqlite.compiled import PATH
from storage.statements import all_statements

if __name__ == "__main__":
    PATH.write_text(json.dumps(all_statements(), indent=1) + "\n", encoding="utf-8")
