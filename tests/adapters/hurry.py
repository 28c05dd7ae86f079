"""How long an adapter waits in tests: nothing there takes as long as on a platform."""

from bridge.adapters.common.pauses import Pauses

HURRIED = Pauses(
    beginning=(0.05,),
    refused=(0.05,),
    taking=(0.02, 0.05),
    reading=0.05,
    fetching=0.02,
    shown=0.05,
)
