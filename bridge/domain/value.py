"""The one base of every value in the domain: frozen, keyword-only, compact, encodable."""

from typing import dataclass_transform

import msgspec


# msgspec hands `frozen` down to subclasses but not `kw_only`, and type checkers see neither:
# this says both to them, at no cost at run time.
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An immutable value. A change is `msgspec.structs.replace(value, field=...)`.

    A value is made of values made before it, so it is never part of a cycle: the garbage
    collector need not look at it.
    """
