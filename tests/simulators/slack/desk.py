"""Two people and a channel, where most promises begin."""

from bridge.simulators.slack import App, Channel, Person, SlackSimulator


class Desk:
    """Ana (an admin) and Bo in #support with the app."""

    def __init__(self, slack: SlackSimulator, app: App) -> None:
        self.ana: Person = slack.hire("Ana", is_admin=True)
        self.bo: Person = slack.hire("Bo")
        self.support: Channel = slack.channel("support", self.ana, self.bo, app)
