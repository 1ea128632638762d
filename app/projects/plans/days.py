"""How the day of an event goes, by type of event."""

from app.i18n import N_
from app.projects.plans.steps import Moment

SET_UP = N_("Set up and decorate")
SUPPLIERS = N_("The suppliers arrive and are shown in")
ARRIVAL = N_("The guests arrive")
DINNER = N_("Dinner")
SPEECHES = N_("Speeches")
DANCING = N_("Music and dancing")
FAREWELL = N_("Farewell")
CLEAR_UP = N_("Clear up and hand the place back")
BREAK = N_("Break")
LUNCH = N_("Lunch")
WELCOME = N_("Welcome")
COFFEE = N_("Registration and coffee")
CLOSING = N_("Closing words")

WEDDING_DAY = (
    Moment("set_up", SET_UP, 150, when="before", per_guests=20),
    Moment("suppliers", SUPPLIERS, 60, when="before"),
    Moment("arrival", ARRIVAL, 30, per_guests=30),
    Moment("ceremony", N_("Ceremony"), 40),
    Moment("congratulations", N_("Congratulations and pictures"), 45, per_guests=25),
    Moment("reception", N_("Drinks and snacks"), 45),
    Moment("dinner", DINNER, 100, per_guests=30),
    Moment("speeches", SPEECHES, 30),
    Moment("first_dance", N_("First dance"), 15),
    Moment("dancing", DANCING, 120),
    Moment("cake", N_("The cake is cut"), 25, per_guests=50),
    Moment("party", N_("The party goes on"), 120),
    Moment("farewell", FAREWELL, 20),
    Moment("clear_up", CLEAR_UP, 90, when="after", per_guests=40),
)

BIRTHDAY_DAY = (
    Moment("set_up", SET_UP, 90, when="before", per_guests=15),
    Moment("arrival", ARRIVAL, 30),
    Moment("welcome", WELCOME, 15),
    Moment("games", N_("Games and entertainment"), 60),
    Moment("dinner", N_("Food and drinks"), 60, per_guests=30),
    Moment("cake", N_("The cake is cut"), 25),
    Moment("dancing", DANCING, 90),
    Moment("farewell", FAREWELL, 20),
    Moment("clear_up", CLEAR_UP, 60, when="after", per_guests=40),
)

CONFERENCE_DAY = (
    Moment("set_up", N_("Set up and test the equipment"), 120, when="before", per_guests=50),
    Moment("helpers", N_("The helpers take their places"), 30, when="before", from_guests=50),
    Moment("coffee", COFFEE, 45, per_guests=50),
    Moment("opening", N_("Opening"), 20),
    Moment("talks", N_("Talks"), 100),
    Moment("break", BREAK, 25),
    Moment("workshops", N_("Workshops"), 75),
    Moment("lunch", LUNCH, 60, per_guests=60),
    Moment("more_talks", N_("More talks"), 90),
    Moment("second_break", BREAK, 25),
    Moment("discussion", N_("Discussion"), 50),
    Moment("closing", CLOSING, 15),
    Moment("meeting", N_("Meeting each other over drinks"), 90, once="last"),
    Moment("clear_up", CLEAR_UP, 90, when="after", once="last", per_guests=80),
)

CORPORATE_DAY = (
    Moment("set_up", SET_UP, 120, when="before", per_guests=25),
    Moment("suppliers", SUPPLIERS, 45, when="before"),
    Moment("arrival", N_("The guests arrive and are offered a drink"), 40, per_guests=30),
    Moment("welcome", WELCOME, 15),
    Moment("dinner", DINNER, 90, per_guests=30),
    Moment("speeches", N_("Speeches and awards"), 40),
    Moment("programme", N_("Entertainment"), 60),
    Moment("dancing", DANCING, 120),
    Moment("farewell", FAREWELL, 20),
    Moment("clear_up", CLEAR_UP, 75, when="after", per_guests=40),
)

COURSE_DAY = (
    Moment("set_up", N_("Prepare the rooms and test the equipment"), 60, when="before"),
    Moment("coffee", COFFEE, 30, per_guests=40),
    Moment("welcome", N_("Welcome and aims of the day"), 20),
    Moment("lesson", N_("First lesson"), 80),
    Moment("break", BREAK, 20),
    Moment("practice", N_("Practice in groups"), 75),
    Moment("lunch", LUNCH, 45, per_guests=60),
    Moment("second_lesson", N_("Second lesson"), 80),
    Moment("second_break", BREAK, 15),
    Moment("questions", N_("Questions and summary"), 40),
    Moment("certificates", N_("Certificates and feedback"), 20, once="last", per_guests=30),
    Moment("clear_up", CLEAR_UP, 45, when="after", once="last"),
)

OTHER_DAY = (
    Moment("set_up", SET_UP, 90, when="before", per_guests=25),
    Moment("arrival", ARRIVAL, 30, per_guests=40),
    Moment("welcome", WELCOME, 15),
    Moment("main", N_("Main part"), 120),
    Moment("dinner", N_("Food and drinks"), 60, per_guests=30),
    Moment("meeting", N_("Time for talk"), 60),
    Moment("farewell", FAREWELL, 20),
    Moment("clear_up", CLEAR_UP, 60, when="after", per_guests=40),
)
