"""What stays of a guest who erases their account: that somebody was registered, and not who."""

from sqlmodel import col, update

from app.database import TenantSession
from app.projects.models import Registration


async def forget_guest(session: TenantSession, email: str) -> None:
    """Take name, address and note off the registrations under this address.

    The rows stay, for whoever prepares the event counts seats by them.
    """
    named = col(Registration.email) == email
    await session.exec(update(Registration).where(named).values(name="", email="", note=""))
