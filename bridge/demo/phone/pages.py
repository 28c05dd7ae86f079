"""`/demo/phone`: a customer's telephone, as the demo's page shows and uses it."""

from collections.abc import Callable, Iterable

from aiohttp import hdrs, web
from msgspec.structs import asdict

from bridge.demo.guarding import answer, body, by_its_own_name, ours
from bridge.demo.phone.shop import Shop, written
from bridge.domain.errors import NotFound
from bridge.domain.value import Value
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.graph.acts import NoSuch
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Customer
from bridge.simulators.graph.shown import line, screen
from bridge.simulators.graph.world import WINDOW
from bridge.web.problems import Refused

_LARGEST = 16 * 1024 * 1024
_SAFE = "default-src 'none'; sandbox"
_NAME, _TEXT = 40, 4096


class Owner(Value, forbid_unknown_fields=True):
    """Somebody who has the shop's number from now on."""

    name: str


class Act(Value, forbid_unknown_fields=True):
    """Whatever is said with an act; each takes what it needs."""

    text: str = ""
    message: str = ""
    label: str = ""
    emoji: str = ""
    name: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    online: bool = True

    def as_json(self) -> JsonObject:
        """As the simulator wants it."""
        return asdict(self)


class PhonePages:
    """What the page may see and do at every telephone of the shop's customers."""

    def __init__(self, shop: Callable[[], Shop | None]) -> None:
        """`shop` is asked each time: the routes are there before it is."""
        self._asked = shop

    @property
    def _shop(self) -> Shop:
        shop = self._asked()
        if shop is None:
            raise NotFound("This demo has no WhatsApp.")
        return shop

    def routes(self) -> Iterable[web.RouteDef]:
        """Everything under `/demo/phone`."""
        return (
            web.get("/demo/phone", self._telephones),
            web.post("/demo/phone", self._newcomer),
            web.get("/demo/phone/files/{id}", self._file),
            web.get("/demo/phone/{customer}", self._screen),
            web.post("/demo/phone/{customer}/files", self._attach),
            web.post("/demo/phone/{customer}/{act}", self._act),
        )

    # --- looking ----------------------------------------------------------------------------

    async def _telephones(self, request: web.Request) -> web.Response:
        by_its_own_name(request)
        return answer([_owner(each) for each in self._shop.graph.world.customers.values()])

    async def _screen(self, request: web.Request) -> web.Response:
        by_its_own_name(request)
        person, world = self._person(request), self._shop.graph.world
        number, id_ = person.number.id, person.id
        last = world.last_inbound.get((number, id_))
        return answer(
            {
                **_owner(person.customer),
                "online": person.customer.online,
                "typing": person.sees_typing,
                "until": None if last is None else int((last + WINDOW) * 1000),
                "lines": screen(world, number, id_),
            }
        )

    async def _file(self, request: web.Request) -> web.Response:
        by_its_own_name(request)
        media = self._shop.graph.world.media.get(request.match_info["id"])
        if media is None:
            raise NotFound("There is no such file.")
        headers = {
            "Content-Security-Policy": _SAFE,
            "X-Content-Type-Options": "nosniff",
            hdrs.CACHE_CONTROL: "private, max-age=3600",
        }
        return web.Response(body=media.body, content_type=media.mime, headers=headers)

    # --- acting -----------------------------------------------------------------------------

    async def _newcomer(self, request: web.Request) -> web.Response:
        name = (await body(request, Owner)).name.strip()[:_NAME] or "?"
        owner = self._shop.newcomer(name)
        return answer(_owner(self._shop.person(owner.wa_id).customer))

    async def _act(self, request: web.Request) -> web.Response:
        said = await body(request, Act)
        if len(said.text) > _TEXT:
            raise Refused(422, "too_long", f"A message has at most {_TEXT} characters.")
        try:
            sent = await self._shop.acts.do(
                self._person(request), request.match_info["act"], said.as_json()
            )
        except NoSuch as error:
            raise NotFound(str(error)) from error
        return answer({} if sent is None else line(self._shop.graph.world, sent))

    async def _attach(self, request: web.Request) -> web.Response:
        """The file is the whole body, its name in the query."""
        ours(request)
        person, received = self._person(request), bytearray()
        async for chunk in request.content.iter_chunked(64 * 1024):
            received += chunk
            if len(received) > _LARGEST:
                raise Refused(413, "too_large", "WhatsApp takes files up to 16 MB here.")
        name = request.query.get("name", "")[-120:] or "file"
        mime = request.content_type
        sent = await self._shop.acts.attach(person, bytes(received), mime, name)
        return answer(line(self._shop.graph.world, sent))

    def _person(self, request: web.Request) -> Person:
        try:
            return self._shop.person(request.match_info["customer"])
        except KeyError as error:
            raise NotFound("There is nobody of that number.") from error


def _owner(customer: Customer) -> dict[str, str]:
    return {"id": customer.wa_id, "name": customer.name, "phone": written(customer.wa_id)}
