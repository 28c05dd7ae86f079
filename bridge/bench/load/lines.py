"""The lines that customers write: signed once, of one length, each with an id of its own."""

import hmac
import secrets
from dataclasses import dataclass

SECRET = "a secret of the bench and of nobody else"  # noqa: S105 - it guards nothing
CUSTOMER, SIGNATURE = "X-Deskbridge-Customer", "X-Deskbridge-Signature"

_WORDS = (
    "Bom dia! Fiz um pedido na semana passada e ate agora nao recebi nenhuma atualizacao "
    "sobre a entrega. Voces conseguem verificar para mim? O numero do pedido e 48213 e o "
    "endereco e o mesmo do cadastro. Se precisar de mais alguma informacao, e so avisar. "
    "Fico no aguardo de um retorno, muito obrigada pela atencao."
)
_BODY = (
    b'{"id":"%08x-%04x-4000-8000-%012x","text":"~%04d.%08d %b","name":"Maria Silva",'
    b'"language":"pt-BR"}'
)
_MARK = b"~"
_RUN = secrets.randbits(32)  # two runs against one database never share an id


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """One customer: what he sends is ready but for the number of the line."""

    number: int
    head: bytes

    def line(self, number: int) -> bytes:
        """A whole request with his line of this number."""
        return self.head + _body(self.number, number)


def writer(number: int, host: str, path: str, name: str = "") -> Writer:
    """A customer who proves his id with the site's signature; `name` is another id for him."""
    name = name or f"customer-{number:04d}"
    signature = hmac.new(SECRET.encode(), name.encode(), "sha256").hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{CUSTOMER}: {name}\r\n{SIGNATURE}: {signature}"
        f"\r\nContent-Type: application/json\r\nContent-Length: {len(_body(number, 0))}\r\n\r\n"
    )
    return Writer(number=number, head=head.encode())


def _body(writer: int, number: int) -> bytes:
    return _BODY % (_RUN, writer, number, writer, number, _WORDS.encode())


def whose(posted: bytes) -> tuple[int, int] | None:
    """Whose line is in something that was posted for the team, and which one it is.

    None for what no customer wrote. In a transcript it is the first line.
    """
    at = posted.find(_MARK) + 1
    if not at:
        return None
    return int(posted[at : at + 4]), int(posted[at + 5 : at + 13])
