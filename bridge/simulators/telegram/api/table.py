"""The methods that are simulated, by their names."""

from bridge.simulators.telegram.api import account, sending, updates
from bridge.simulators.telegram.api.call import Method

METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "getUpdates": updates.get_updates,
    "sendMessage": sending.send_message,
}
