"""Every kind of work in one import, for whoever does jobs or takes in what happened."""

from app.accounts.proving import send_reset
from app.analytics.reporting import make as make_report
from app.analytics.reporting import report_on
from app.approvals.carrying import carry_out, expire, tend
from app.approvals.effects import forget_effects
from app.catalogue.photos.fetching import fetch_photos
from app.catalogue.photos.sweeping import sweep as sweep_photos
from app.catalogue.photos.sweeping import tidy as tidy_photos
from app.catalogue.uploads import work_on
from app.conversations.attachments.reading import read as read_attachment
from app.conversations.attachments.reading import sweep as sweep_attachments
from app.indexing.telling import tell
from app.inference.weights import fetch
from app.knowledge.ingesting import fetch_and_read, read, sweep
from app.knowledge.questions import measure
from app.knowledge.syncing import sync, sync_all
from app.mail.letters import send
from app.markets.archive import export
from app.markets.closing_erasure import erase
from app.outbox.keeping import forget
from app.privacy.retention import enforce
from app.search.following import rebuild, refresh
from app.search.following import tend as tend_index
from app.search.vectors import fill_served, switch
from app.social.uploads import MENTION
from app.social.work import group_all
from app.social.work import read as read_mentions
from app.vendors.quotes import let_go

__all__ = [
    "MENTION",
    "carry_out",
    "enforce",
    "erase",
    "expire",
    "export",
    "fetch",
    "fetch_and_read",
    "fetch_photos",
    "fill_served",
    "forget",
    "forget_effects",
    "group_all",
    "let_go",
    "make_report",
    "measure",
    "read",
    "read_attachment",
    "read_mentions",
    "rebuild",
    "refresh",
    "report_on",
    "send",
    "send_reset",
    "sweep",
    "sweep_attachments",
    "sweep_photos",
    "switch",
    "sync",
    "sync_all",
    "tell",
    "tend",
    "tend_index",
    "tidy_photos",
    "work_on",
]
