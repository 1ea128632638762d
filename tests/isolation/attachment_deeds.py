"""What ours do with files in conversations of their own; see `deeds`."""

import json
from collections.abc import Awaitable, Callable

from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.deeds import a_row, posted, work_off
from tests.isolation.world import World


async def _files(world: World) -> None:
    """A file that can be read and one that cannot, in a conversation that they end."""
    headers = world.headers("owner") | {"origin": f"http://{world.ours.host}"}
    begun = await posted(world, "/api/v1/conversations", data={})
    made = await a_row(world, "conversation", person_id=world.people["owner"])
    talk = json.loads(begun.text).get("conversation_id", made) if begun.status == 201 else made
    words = b"# Menu\n\nDinner is served at seven in the evening."
    path = f"/api/v1/conversations/{talk}/attachments"
    for address in (path, f"/files/conversations/{talk}"):
        await posted(world, address, file=("file", "menu.md", words))
    await posted(world, path, file=("file", "menu.pdf", b"%PDF-1.4 no such thing"))
    await work_off(world, "attachment.read")
    listed = await answer("GET", path, world.ours.host, headers)
    for one in json.loads(listed.text).get("attachments", ()):
        await answer("GET", f"/files/attachments/{one['id']}", world.ours.host, headers)
        await answer("DELETE", f"{path}/{one['id']}", world.ours.host, headers)
    await work_off(world, "attachment.sweep")


async def _beside(world: World) -> None:
    """A file beside the message that they write, which they take back."""
    talk = await a_row(world, "conversation", person_id=world.people["owner"])
    file = await a_row(world, "attachment", conversation_id=talk, state="waiting")
    open_one = {"ConversationState.conversation_id": str(talk)}
    await handlers.send(world, "AttachingState.begin", {})
    await handlers.send(world, "AttachingState.begin", {}, open_one)
    await handlers.send(world, "AttachingState.arrived", {"problem": ""}, open_one)
    await handlers.send(world, "AttachingState.follow", {}, open_one)
    await handlers.send(world, "AttachingState.remove", {"attachment_id": file}, open_one)


ATTACHMENT_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/attachments.py": _files,
    "app/conversations/attachments/reading.py": _files,
    "state/attaching.py": _beside,
    "state/attachments.py": _beside,
}
"""By the file whose places a deed reaches."""
