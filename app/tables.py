"""Every table of Agora in one import, for migrations and for the checks over the whole schema."""

from app.accounts.models import Person, SignIn
from app.catalogue.models import Listing, Provider
from app.conversations.models import Conversation, ConversationEvent
from app.knowledge.models import Article
from app.markets.models import Market, MarketHost
from app.search.models import SearchEntry

__all__ = [
    "Article",
    "Conversation",
    "ConversationEvent",
    "Listing",
    "Market",
    "MarketHost",
    "Person",
    "Provider",
    "SearchEntry",
    "SignIn",
]
