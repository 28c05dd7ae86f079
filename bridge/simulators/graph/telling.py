"""What apps are told: messages, statuses, echoes and templates, as Meta's webhooks say it."""

from bridge.simulators.common.wire import Json, JsonObject, txt
from bridge.simulators.graph.errors import status_error
from bridge.simulators.graph.office import PostOffice
from bridge.simulators.graph.records import Customer, Number, Sent, Status, Template
from bridge.simulators.graph.world import World, contact_of


class Telling:
    """Makes the values of webhooks and hands them to the office."""

    def __init__(self, world: World, office: PostOffice) -> None:
        """Tell of this world."""
        self._world = world
        self._office = office

    def message(self, sent: Sent) -> None:
        """A customer wrote, reacted, edited or revoked."""
        customer = self._world.customers[sent.customer]
        said: JsonObject = {
            **_from(customer),
            "id": sent.id,
            "timestamp": str(int(sent.at)),
            "type": sent.type,
            **sent.body,
        }
        self._messages(sent.number, customer, said)

    def system(self, number: Number, old: str, body: JsonObject) -> None:
        """WhatsApp itself has something to say about the customer who was called `old`."""
        said: JsonObject = {
            "from": old,
            "id": self._world.new_wamid(old),
            "timestamp": str(int(self._world.now())),
            "type": "system",
            "system": body,
        }
        value = {**_head(number), "messages": [said]}
        self._office.tell(number, "messages", value)

    def _messages(self, number_id: str, customer: Customer, said: JsonObject) -> None:
        number = self._world.number(number_id)
        contacts: list[Json] = [contact_of(customer)]
        value: JsonObject = {**_head(number), "contacts": contacts, "messages": [said]}
        self._office.tell(number, "messages", value, txt(said["id"]))

    def status(self, sent: Sent, status: Status, error: tuple[int, str] | None = None) -> None:
        """What became of a message of ours."""
        customer = self._world.customers[sent.customer]
        said: JsonObject = {
            "id": sent.id,
            "status": status,
            "timestamp": str(int(self._world.now())),
            "recipient_user_id": customer.user_id,
        }
        if not customer.hides_phone:
            said["recipient_id"] = customer.wa_id
        if sent.key:
            said["biz_opaque_callback_data"] = sent.key
        if error is not None:
            said["errors"] = [status_error(*error)]
        elif self._office.quirks.tells_pricing and status != "read":
            said["pricing"] = self._pricing(sent)
        number = self._world.number(sent.number)
        value: JsonObject = {**_head(number), "statuses": [said]}
        self._office.tell(number, "messages", value)

    def _pricing(self, sent: Sent) -> JsonObject:
        category = "service"
        if sent.type == "template":
            name = sent.body.get("name")
            known = (one for one in self._world.templates.values() if one.name == name)
            category = next((one.category.lower() for one in known), "utility")
        return {"billable": True, "pricing_model": "PMP", "category": category, "type": "regular"}

    def echo(self, sent: Sent) -> None:
        """Somebody answered with the WhatsApp Business app on the phone."""
        number = self._world.number(sent.number)
        customer = self._world.customers[sent.customer]
        said: JsonObject = {
            "from": number.display,
            "to": customer.wa_id,
            "to_user_id": customer.user_id,
            "id": sent.id,
            "timestamp": str(int(sent.at)),
            "type": sent.type,
            **sent.body,
        }
        value: JsonObject = {**_head(number), "message_echoes": [said]}
        self._office.tell(number, "smb_message_echoes", value)

    def marketing(self, number: Number, customer: Customer, *, wanted: bool) -> None:
        """A customer stops marketing messages, or resumes them."""
        said: JsonObject = {
            "user_id": customer.user_id,
            "detail": f"User requested to {'resume' if wanted else 'stop'} marketing messages",
            "category": "marketing_messages",
            "value": "resume" if wanted else "stop",
            "timestamp": str(int(self._world.now())),
        }
        if not customer.hides_phone:
            said["wa_id"] = customer.wa_id
        contacts: list[Json] = [contact_of(customer)]
        value: JsonObject = {**_head(number), "contacts": contacts, "user_preferences": [said]}
        self._office.tell(number, "user_preferences", value)

    def template(self, number: Number, template: Template, event: str) -> None:
        """A template's status changed."""
        value: JsonObject = {
            "event": event,
            "message_template_id": int(template.id),
            "message_template_name": template.name,
            "message_template_language": template.language,
            "reason": "NONE",
        }
        self._office.tell(number, "message_template_status_update", value)


def _from(customer: Customer) -> JsonObject:
    if customer.hides_phone:
        return {"from_user_id": customer.user_id}
    return {"from": customer.wa_id, "from_user_id": customer.user_id}


def _head(number: Number) -> JsonObject:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.display, "phone_number_id": number.id},
    }
