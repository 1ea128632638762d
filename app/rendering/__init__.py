"""Server rendering of Reflex pages, at run time.

For pages: a load handler (`on_load`) fills the state and declares what the page is.

    from app.rendering import ssr

    @rx.event
    async def load(self):
        market = await market_for_host(self.router.headers.host)
        listing = ...
        ssr.hydrate("interaction")       # "load" (default), "interaction" or "none"
        if listing is None:
            ssr.status(404)              # a real 404, with this page as its text
            return
        ssr.cache(60)                    # public: the same for everybody, kept for 60 seconds
        # ssr.header("x-robots-tag", "noindex"); return rx.redirect("/en") answers 302

The handlers run once for the HTML and again when a socket opens, so they must only read;
`ssr.active` tells that they run for HTML. The event guard applies to them: handlers of public
pages are marked as open to visitors. What they leave uncaught becomes a plain page: an `AppError`
with its status and message, anything else a 500 with an error number.

Reading: `self.router.headers.host`, `.cookie`, `.accept_language`; a page that was declared public
is made from host, path and query alone, so its handlers see no other header.

`app.rendering.head.page_head(title=..., description=..., canonical=..., alternates=...,
structured_data=json_ld(...))` gives the keyword arguments for `app.add_page(page, route=...,
on_load=..., **page_head(...))`. `rx.App(html_custom_attrs=html_attributes())` sets `lang` and `dir`
from the path's first part.

`app.rendering.native.link(..., href=...)` is a plain anchor and `native.form(..., action=...)` a
plain form: full page loads that work before and without JavaScript, which is what public pages
want. (`rx.link` and `rx.el.a` navigate in the browser; `rx.el.form` never submits by itself.)
Native links and forms do not wake JavaScript on an "interaction" page; a form with
`custom_attrs={"data-hydrate": ""}` does. Everything else wakes it with the first key, click or
mouse press, and that first click is played again once handlers are there.

`invalidate_pages(*hosts)` forgets kept pages after a change.
`app.rendering.plugin.ServerRenderPlugin` stands in rxconfig.py,
`app.rendering.build.build_frontend` builds and `app.rendering.serve.serve` serves.
"""

from app.rendering.cache import invalidate_pages
from app.rendering.page import ssr

__all__ = ["invalidate_pages", "ssr"]
