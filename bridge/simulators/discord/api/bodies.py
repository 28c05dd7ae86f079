"""Bodies of messages: lengths, embeds, files and `allowed_mentions`."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import Json, arr, obj, txt
from bridge.simulators.discord.api.components import check_components
from bridge.simulators.discord.api.method import Call, Upload
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state.mentions import Allowed, read_allowed
from bridge.simulators.discord.state.posting import Draft
from bridge.simulators.discord.state.records import Attachment, Guild
from bridge.simulators.discord.state.world import World

CONTENT, NONCE, EMBEDS, EMBED_TOTAL, FILES = 2_000, 25, 10, 6_000, 10
_EMBED_PARTS = (("title", 256), ("description", 4_096))
SETTABLE_FLAGS = (1 << 2) | (1 << 6) | (1 << 12) | (1 << 15)


def read_draft(
    world: World, body: Mapping[str, Json], files: tuple[Upload, ...], default: Allowed
) -> Draft:
    """The message that a body describes. Raises 50035."""
    form = Form()
    content, nonce = body.get("content"), body.get("nonce")
    form.length("content", content, 0, CONTENT)
    form.length("nonce", str(nonce) if nonce is not None else None, 1, NONCE)
    embeds = read_embeds(body, form)
    components = arr(body.get("components"))
    check_components(components, form)
    raw = body.get("allowed_mentions")
    allowed = read_allowed(obj(raw) if raw is not None else None, default, form)
    attachments = read_files(world, body, files, form)
    flags = body.get("flags")
    form.check()
    return Draft(
        content=txt(content),
        embeds=embeds,
        components=tuple(components),
        attachments=attachments,
        allowed=allowed,
        nonce=nonce if isinstance(nonce, str | int) else None,
        flags=flags & SETTABLE_FLAGS if isinstance(flags, int) else 0,
    )


def check_not_empty(draft: Draft) -> Draft:
    """Raises 50006."""
    if draft.is_empty:
        raise DiscordRefused(50006)
    return draft


def read_embeds(body: Mapping[str, Json], form: Form) -> tuple[Json, ...]:
    """`embeds` (or the old `embed`), as they will be shown."""
    single = [body["embed"]] if body.get("embed") else []
    embeds = list(arr(body.get("embeds"))) or single
    form.length("embeds", embeds, 0, EMBEDS)
    total = 0
    for n, embed in enumerate(embeds):
        total += _check_embed(f"embeds.{n}", obj(embed), form)
    if total > EMBED_TOTAL:
        wrong = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", wrong)
    return tuple({"type": "rich", **obj(one)} for one in embeds)


def _check_embed(path: str, embed: Mapping[str, Json], form: Form) -> int:
    """Checks every length; gives all characters together."""
    texts: list[tuple[str, str, int]] = [
        (f"{path}.{name}", txt(embed.get(name)), most) for name, most in _EMBED_PARTS
    ]
    texts.append((f"{path}.footer.text", txt(obj(embed.get("footer")).get("text")), 2_048))
    texts.append((f"{path}.author.name", txt(obj(embed.get("author")).get("name")), 256))
    fields = list(arr(embed.get("fields")))
    form.length(f"{path}.fields", fields, 0, 25)
    for n, field in enumerate(fields):
        for name, most in (("name", 256), ("value", 1_024)):
            where, text = f"{path}.fields.{n}.{name}", txt(obj(field).get(name))
            form.required(where, text)
            texts.append((where, text, most))
    for where, text, most in texts:
        form.length(where, text, 0, most)
    return sum(len(text) for _, text, _ in texts)


def read_files(
    world: World, body: Mapping[str, Json], files: tuple[Upload, ...], form: Form
) -> tuple[Attachment, ...]:
    """The uploaded files, with what `attachments` says of each."""
    form.length("attachments", [one.filename for one in files], 0, FILES)
    said = {str(obj(one).get("id")): obj(one) for one in arr(body.get("attachments"))}
    found: list[Attachment] = []
    for upload in files:
        number = upload.field.removeprefix("files[").removesuffix("]")
        about = said.get(number, {})
        name = txt(about.get("filename")) or upload.filename
        guessed = mimetypes.guess_type(name)[0]
        attachment = Attachment(
            id=world.mint.snowflake(),
            filename=name.replace(" ", "_"),
            content=upload.content,
            content_type=guessed or upload.content_type,
            description=txt(about.get("description")) or None,
        )
        found.append(attachment)
    return tuple(found)


def check_sizes(guild: Guild | None, files: tuple[Upload, ...]) -> None:
    """Raises 40005 for a file that is too big for its guild."""
    limit = guild.file_limit if guild is not None else 10 * 1024 * 1024
    if any(len(one.content) > limit for one in files):
        raise DiscordRefused(40005)


def edited_draft(call: Call, old: Draft, default: Allowed) -> Draft:
    """The draft with what the body changes; a field that is not there stays."""
    new = read_draft(call.world, call.fields, call.files, default)
    body = call.fields
    kept = old.attachments
    if "attachments" in body:
        named = {str(obj(one).get("id")) for one in arr(body.get("attachments"))}
        kept = tuple(one for one in old.attachments if one.id in named)
    return replace(
        old,
        content=new.content if "content" in body else old.content,
        embeds=new.embeds if "embeds" in body or "embed" in body else old.embeds,
        components=new.components if "components" in body else old.components,
        attachments=(*kept, *new.attachments),
        flags=new.flags if "flags" in body else old.flags,
        allowed=new.allowed,
    )
