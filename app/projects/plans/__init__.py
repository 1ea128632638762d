"""Plans by type of event: templates as data, and how dates are reckoned from them.

Everything here is computed from the type, the date and the number of guests; no model is asked.
"""

from app.projects.plans.templates import KINDS, TEMPLATES, Template, template_of

__all__ = ["KINDS", "TEMPLATES", "Template", "template_of"]
