"""The templates: what is usually done for an event of a type, by when, and how its day goes.

Lead times are what organisers' checklists agree on where somebody has time: a year for a wedding,
half a year and more for a conference, weeks for a birthday. `app.projects.plans.scheduling` makes
dates of them. A step keeps its key for ever, for tasks are known by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from app.i18n import N_
from app.projects.plans.days import (
    BIRTHDAY_DAY,
    CONFERENCE_DAY,
    CORPORATE_DAY,
    COURSE_DAY,
    OTHER_DAY,
    WEDDING_DAY,
)
from app.projects.plans.steps import Moment, Step

GUEST_LIST = N_("Write the guest list")
VENUE = N_("Choose and book the place")
MENU = N_("Choose the menu and book the catering")
MUSIC = N_("Book music and a host")
INVITATIONS = N_("Send the invitations")
TRANSPORT = N_("Arrange transport for the guests")
HEADCOUNT = N_("Collect the answers and count the guests")
FINAL_NUMBER = N_("Tell the caterer the final number of guests")
ORDER_OF_DAY = N_("Agree the order of the day with everyone involved")
PAYMENTS = N_("Settle the last payments")
THANKS = N_("Thank the guests and the helpers")
CAKE = N_("Order the cake")
GOALS = N_("Agree what the event is for and what it may cost")
EQUIPMENT = N_("Reserve sound, screens and internet")
OPEN_REGISTRATION = N_("Open the registration")
ANNOUNCE = N_("Announce the event")
CLOSE_REGISTRATION = N_("Close the registration and count the guests")
FEEDBACK = N_("Ask the guests what they thought")
REPORT = N_("Compare the plan with what became of it")


@dataclass(frozen=True)
class Template:
    """A type of event: what it is called, what is done for it, and how its day goes."""

    kind: str
    name: str
    begins: time
    steps: tuple[Step, ...]
    moments: tuple[Moment, ...]

    def step(self, key: str) -> Step | None:
        """The step with this key, or None."""
        return next((step for step in self.steps if step.key == key), None)

    def moments_for(self, guests: int | None) -> list[Moment]:
        """The parts of the day that so many guests need."""
        return [moment for moment in self.moments if moment.applies(guests)]

    def steps_for(self, guests: int | None) -> list[Step]:
        """The steps that so many guests need, each after those that it needs."""
        return [step for step in self.steps if step.applies(guests)]


WEDDING = (
    Step("guest_list", GUEST_LIST, lead=270, days=7, per_guests=50),
    Step("venue", VENUE, lead=240, days=21, after=("guest_list",)),
    Step(
        "papers",
        N_("Arrange the ceremony and its papers"),
        lead=180,
        days=14,
        after=("venue",),
    ),
    Step("photographer", N_("Book a photographer"), lead=180, days=10, after=("venue",)),
    Step("menu", MENU, lead=150, days=14, after=("venue",)),
    Step("music", MUSIC, lead=150, days=10, after=("venue",)),
    Step("attire", N_("Order the wedding outfits"), lead=120, days=30),
    Step("rings", N_("Order the rings"), lead=90, days=14),
    Step(
        "invitations",
        INVITATIONS,
        lead=75,
        days=7,
        after=("guest_list", "venue"),
        per_guests=50,
    ),
    Step(
        "rooms",
        N_("Reserve rooms for guests from afar"),
        lead=70,
        days=5,
        after=("guest_list", "venue"),
        from_guests=30,
    ),
    Step("flowers", N_("Order flowers and decoration"), lead=60, days=7, after=("venue",)),
    Step("transport", TRANSPORT, lead=45, days=5, after=("venue",), from_guests=40),
    Step("cake", CAKE, lead=42, days=3, after=("menu",)),
    Step("headcount", HEADCOUNT, lead=28, days=14, after=("invitations",)),
    Step(
        "seating",
        N_("Make the seating plan"),
        lead=14,
        days=3,
        after=("headcount",),
        from_guests=20,
        per_guests=100,
    ),
    Step("final_number", FINAL_NUMBER, lead=10, after=("headcount", "menu")),
    Step(
        "order_of_day",
        ORDER_OF_DAY,
        lead=6,
        days=2,
        after=("music", "photographer", "menu"),
    ),
    Step("payments", PAYMENTS, lead=3, after=("final_number",)),
    Step("thanks", THANKS, lead=-14, days=5),
)

BIRTHDAY = (
    Step("guest_list", GUEST_LIST, lead=35, days=2),
    Step("venue", VENUE, lead=28, days=5, after=("guest_list",)),
    Step("theme", N_("Choose a theme and ideas for games"), lead=26, days=3),
    Step("invitations", INVITATIONS, lead=21, days=2, after=("guest_list", "venue"), per_guests=50),
    Step("music", N_("Book music or entertainment"), lead=20, days=4, after=("venue", "theme")),
    Step("menu", MENU, lead=14, days=3, after=("venue",)),
    Step("cake", CAKE, lead=10, days=1),
    Step("headcount", HEADCOUNT, lead=7, days=5, after=("invitations",)),
    Step("decorations", N_("Get the decorations"), lead=5, days=2, after=("theme",)),
    Step("final_number", FINAL_NUMBER, lead=4, after=("headcount", "menu"), from_guests=15),
    Step("shopping", N_("Buy drinks and what is still missing"), lead=2, after=("headcount",)),
    Step("thanks", THANKS, lead=-5, days=2),
)

CONFERENCE = (
    Step("goals", GOALS, lead=240, days=7),
    Step("venue", VENUE, lead=210, days=21, after=("goals",)),
    Step("programme", N_("Draft the programme"), lead=200, days=14, after=("goals",)),
    Step("sponsors", N_("Find partners and sponsors"), lead=150, days=30, after=("goals",)),
    Step("speakers", N_("Invite the speakers"), lead=160, days=21, after=("programme",)),
    Step(
        "open_registration",
        OPEN_REGISTRATION,
        lead=110,
        days=5,
        after=("venue", "programme"),
    ),
    Step("announce", ANNOUNCE, lead=104, days=3, after=("open_registration",)),
    Step("menu", MENU, lead=75, days=10, after=("venue",)),
    Step("equipment", EQUIPMENT, lead=60, days=7, after=("venue",)),
    Step(
        "safety",
        N_("Arrange first aid and safety"),
        lead=60,
        days=7,
        after=("venue",),
        from_guests=150,
    ),
    Step(
        "confirm_programme",
        N_("Settle the programme with the speakers"),
        lead=45,
        days=7,
        after=("speakers",),
    ),
    Step(
        "travel",
        N_("Arrange the speakers' travel and rooms"),
        lead=36,
        days=5,
        after=("confirm_programme",),
    ),
    Step(
        "helpers",
        N_("Find helpers and tell them what to do"),
        lead=14,
        days=5,
        after=("programme",),
        from_guests=50,
    ),
    Step(
        "close_registration",
        CLOSE_REGISTRATION,
        lead=9,
        days=2,
        after=("announce",),
    ),
    Step(
        "print",
        N_("Have badges and printed matter made"),
        lead=4,
        days=4,
        after=("close_registration", "confirm_programme"),
        per_guests=400,
    ),
    Step("final_number", FINAL_NUMBER, lead=7, after=("close_registration", "menu")),
    Step("order_of_day", ORDER_OF_DAY, lead=4, days=2, after=("confirm_programme", "menu")),
    Step("rehearsal", N_("Test the equipment on the spot"), lead=1, after=("equipment",)),
    Step("feedback", FEEDBACK, lead=-1),
    Step("publish", N_("Publish talks and pictures"), lead=-10, days=5),
    Step("report", REPORT, lead=-14, days=3, after=("feedback",)),
)

CORPORATE = (
    Step("goals", GOALS, lead=90, days=5),
    Step("guest_list", GUEST_LIST, lead=75, days=3, after=("goals",)),
    Step("venue", VENUE, lead=65, days=10, after=("goals", "guest_list")),
    Step("music", MUSIC, lead=50, days=7, after=("venue",)),
    Step("menu", MENU, lead=45, days=7, after=("venue",)),
    Step("invitations", INVITATIONS, lead=40, days=3, after=("guest_list", "venue")),
    Step("transport", TRANSPORT, lead=21, days=3, after=("venue",), from_guests=40),
    Step("equipment", EQUIPMENT, lead=21, days=3, after=("venue",)),
    Step("headcount", HEADCOUNT, lead=12, days=10, after=("invitations",)),
    Step("final_number", FINAL_NUMBER, lead=7, after=("headcount", "menu")),
    Step("order_of_day", ORDER_OF_DAY, lead=4, days=2, after=("music", "menu")),
    Step("payments", PAYMENTS, lead=3, after=("final_number",)),
    Step("feedback", FEEDBACK, lead=-2),
    Step("thanks", THANKS, lead=-3),
    Step("report", REPORT, lead=-10, days=2, after=("feedback",)),
)

COURSE = (
    Step("learning_goals", N_("Agree what is to be learned"), lead=45, days=3),
    Step("teachers", N_("Engage the teachers"), lead=38, days=5, after=("learning_goals",)),
    Step("venue", N_("Reserve the rooms"), lead=35, days=3),
    Step(
        "open_registration",
        OPEN_REGISTRATION,
        lead=30,
        days=2,
        after=("venue", "teachers"),
    ),
    Step("announce", ANNOUNCE, lead=28, days=2, after=("open_registration",)),
    Step(
        "material",
        N_("Prepare the teaching material"),
        lead=14,
        days=10,
        after=("learning_goals", "teachers"),
    ),
    Step(
        "consents",
        N_("Collect the consents that are needed"),
        lead=8,
        days=5,
        after=("open_registration",),
    ),
    Step("close_registration", CLOSE_REGISTRATION, lead=7, after=("announce",)),
    Step("check_room", N_("Check the rooms and the equipment"), lead=4, after=("venue",)),
    Step(
        "handouts",
        N_("Print handouts and certificates"),
        lead=3,
        days=2,
        after=("material", "close_registration"),
        per_guests=100,
    ),
    Step("remind", N_("Remind the participants"), lead=2, after=("close_registration",)),
    Step("feedback", FEEDBACK, lead=-1),
    Step("certificates", N_("Send certificates and material"), lead=-4, days=2),
    Step("report", REPORT, lead=-7, after=("feedback",)),
)

OTHER = (
    Step("goals", GOALS, lead=45, days=3),
    Step("guest_list", GUEST_LIST, lead=40, days=2, after=("goals",)),
    Step("venue", VENUE, lead=34, days=5, after=("goals", "guest_list")),
    Step("invitations", INVITATIONS, lead=28, days=3, after=("guest_list", "venue")),
    Step("menu", MENU, lead=21, days=4, after=("venue",)),
    Step("equipment", EQUIPMENT, lead=14, days=3, after=("venue",), from_guests=30),
    Step("headcount", HEADCOUNT, lead=8, days=5, after=("invitations",)),
    Step("final_number", FINAL_NUMBER, lead=5, after=("headcount", "menu"), from_guests=15),
    Step("order_of_day", ORDER_OF_DAY, lead=3, days=1, after=("menu",)),
    Step("feedback", FEEDBACK, lead=-1),
    Step("thanks", THANKS, lead=-3),
)

TEMPLATES: Mapping[str, Template] = {
    one.kind: one
    for one in (
        Template("wedding", N_("Wedding"), time(15), WEDDING, WEDDING_DAY),
        Template("birthday", N_("Birthday"), time(17), BIRTHDAY, BIRTHDAY_DAY),
        Template("conference", N_("Conference"), time(9), CONFERENCE, CONFERENCE_DAY),
        Template("corporate", N_("Corporate party"), time(18), CORPORATE, CORPORATE_DAY),
        Template("course", N_("Course day"), time(10), COURSE, COURSE_DAY),
        Template("other", N_("Another event"), time(14), OTHER, OTHER_DAY),
    )
}
"""By type of event."""

KINDS = tuple(TEMPLATES)


def template_of(kind: str) -> Template:
    """The template of a type; the general one where nobody knows the type."""
    return TEMPLATES.get(kind, TEMPLATES["other"])
