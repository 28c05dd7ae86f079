"""The feature table, row by row, by the names its users know from a live-chat screen."""

from bridge.demo.tour import cases, presence, talking, templates, watching
from bridge.demo.tour.row import Row

ROWS = (
    Row(number=1, title="sign in with e-mail and password", play=presence.row_01),
    Row(number=2, title="watch conversations in real time and step in", play=watching.row_02),
    Row(
        number=3,
        title="button: available / unavailable in the queue (disponível / indisponível); it "
        "decides whether customers are distributed to you; admins see every change",
        play=presence.row_03,
    ),
    Row(
        number=4,
        title="an available agent sees the customers of his queues who are waiting and picks one",
        play=talking.row_04,
    ),
    Row(
        number=5,
        title="when the bot forwards a conversation to you, you are in control of it automatically",
        play=talking.row_05,
    ),
    Row(
        number=6,
        title="green dot = active, brown = ended (ativa / encerrada)",
        play=talking.row_06,
    ),
    Row(number=7, title="reply", play=talking.row_07),
    Row(
        number=8,
        title="return control to the bot (devolver controle ao bot): the conversation ends, "
        "leaves your control and your view",
        play=talking.row_08,
    ),
    Row(number=9, title="admins see all users' conversations", play=watching.row_09),
    Row(
        number=10,
        title="queues (filas de atendimento): search bar, one queue or all",
        play=presence.row_10,
    ),
    Row(
        number=11,
        title="per queue: connected agents (green block), disconnected (grey block), "
        "conversations linked to each",
        play=presence.row_11,
    ),
    Row(
        number=12,
        title="send a template (mensagem de template) into a conversation",
        play=templates.row_12,
    ),
    Row(
        number=13,
        title="send a template to a number that never wrote (country code + area code)",
        play=templates.row_13,
    ),
    Row(
        number=14,
        title="add a ticket (chamado): status, type, description; the open ones are listed on "
        "the conversation",
        play=cases.row_14,
    ),
    Row(
        number=15,
        title="transfer to another agent or another queue; the conversation shows agent and queue",
        play=cases.row_15,
    ),
    Row(
        number=16,
        title="set a priority; filter by priority, shown highest to lowest",
        play=watching.row_16,
    ),
    Row(
        number=17,
        title="load events (eventos): contact created, assigned, transferred, ended",
        play=watching.row_17,
    ),
)
