"""The demo markets themselves: names, promises, colours, districts and how people are called."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class District:
    """A part of a city, or a whole town nearby, with its name per locale and roughly its middle.

    `weight` says how many providers are there, beside the others of the market.
    """

    city: Mapping[str, str]
    names: Mapping[str, str]
    lat: float
    lon: float
    weight: int = 3


@dataclass(frozen=True)
class Circle:
    """People of one origin: what they are called and which languages they may speak.

    A woman's surname stands in `her_surnames` where the language gives her another form.
    """

    weight: int
    men: tuple[str, ...]
    women: tuple[str, ...]
    surnames: tuple[str, ...]
    languages: tuple[str, ...]
    her_surnames: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoMarket:
    """One demo market; `round_to` is the step of its smaller prices."""

    key: str
    name: Mapping[str, str]
    tagline: Mapping[str, str]
    locales: tuple[str, ...]
    currency: str
    timezone: str
    brand: Mapping[str, str]
    round_to: int
    districts: tuple[District, ...]
    circles: tuple[Circle, ...]


IN_KAZAN = {"ru": "Казань", "en": "Kazan"}
IN_BERLIN = {"de": "Berlin", "en": "Berlin", "ru": "Берлин", "ar": "برلين"}
IN_MADRID = {"es": "Madrid", "en": "Madrid", "fr": "Madrid"}


def _kazan_district(ru: str, en: str, lat: float, lon: float) -> District:
    return District(IN_KAZAN, {"ru": ru, "en": en}, lat, lon)


def _berlin_district(de: str, ru: str, ar: str, lat: float, lon: float) -> District:
    return District(IN_BERLIN, {"de": de, "en": de, "ru": ru, "ar": ar}, lat, lon)


def _madrid_district(name: str, lat: float, lon: float) -> District:
    return District(IN_MADRID, {"es": name, "en": name, "fr": name}, lat, lon)


def _town(weight: int, lat: float, lon: float, **names: str) -> District:
    return District(names, names, lat, lon, weight)


KAZAN = DemoMarket(
    key="kazan",
    name={"ru": "Казань.Услуги", "en": "Kazan Services"},
    tagline={
        "ru": "Мастера, врачи и учителя Казани: опишите задачу своими словами",
        "en": "Kazan's craftspeople, doctors and teachers: say what you need in your own words",
    },
    locales=("ru", "en"),
    currency="RUB",
    timezone="Europe/Moscow",
    brand={"primary": "#0f766e", "accent": "#d97706"},
    round_to=50,
    districts=(
        _kazan_district("Вахитовский район", "Vakhitovsky", 55.788, 49.122),
        _kazan_district("Приволжский район", "Privolzhsky", 55.744, 49.160),
        _kazan_district("Советский район", "Sovetsky", 55.785, 49.215),
        _kazan_district("Ново-Савиновский район", "Novo-Savinovsky", 55.829, 49.123),
        _kazan_district("Авиастроительный район", "Aviastroitelny", 55.858, 49.086),
        _kazan_district("Московский район", "Moskovsky", 55.835, 49.070),
        _kazan_district("Кировский район", "Kirovsky", 55.803, 49.035),
        _kazan_district("Азино", "Azino", 55.757, 49.233),
        _kazan_district("Горки", "Gorki", 55.752, 49.196),
        _kazan_district("Дербышки", "Derbyshki", 55.866, 49.218),
        _town(5, 55.847, 48.501, ru="Зеленодольск", en="Zelenodolsk"),
        _town(3, 55.752, 48.744, ru="Иннополис", en="Innopolis"),
        _town(2, 55.909, 49.303, ru="Высокая Гора", en="Vysokaya Gora"),
        _town(2, 55.404, 49.549, ru="Лаишево", en="Laishevo"),
    ),
    circles=(
        Circle(
            3,
            ("Ильдар", "Рустам", "Айрат", "Марат", "Ильнур", "Фанис", "Рамиль", "Булат", "Тимур"),
            ("Гузель", "Алсу", "Лилия", "Айгуль", "Диляра", "Резеда", "Эльвира", "Чулпан"),
            (
                "Гарипов",
                "Хабибуллин",
                "Сафин",
                "Галиев",
                "Зарипов",
                "Мингазов",
                "Шарипов",
                "Валеев",
                "Ахметзянов",
                "Юсупов",
                "Нуриев",
                "Фахрутдинов",
            ),
            ("ru", "tt"),
            (
                "Гарипова",
                "Хабибуллина",
                "Сафина",
                "Галиева",
                "Зарипова",
                "Мингазова",
                "Шарипова",
                "Валеева",
                "Ахметзянова",
                "Юсупова",
                "Нуриева",
                "Фахрутдинова",
            ),
        ),
        Circle(
            3,
            ("Алексей", "Дмитрий", "Сергей", "Андрей", "Павел", "Николай", "Игорь", "Максим"),
            ("Ольга", "Наталья", "Екатерина", "Марина", "Анна", "Светлана", "Юлия", "Вера"),
            (
                "Кузнецов",
                "Лебедев",
                "Морозов",
                "Воронин",
                "Ершов",
                "Тихонов",
                "Белов",
                "Гусев",
                "Никитин",
                "Соколов",
                "Фомин",
                "Зайцев",
            ),
            ("ru", "en"),
            (
                "Кузнецова",
                "Лебедева",
                "Морозова",
                "Воронина",
                "Ершова",
                "Тихонова",
                "Белова",
                "Гусева",
                "Никитина",
                "Соколова",
                "Фомина",
                "Зайцева",
            ),
        ),
    ),
)

BERLIN = DemoMarket(
    key="berlin",
    name={
        "de": "Kiezmarkt Berlin",
        "en": "Kiezmarkt Berlin",
        "ru": "Кицмаркт Берлин",
        "ar": "كيتس ماركت برلين",
    },
    tagline={
        "de": "Handwerk, Rat und Hilfe aus dem Kiez – in Ihrer Sprache",
        "en": "Craft, advice and help from your neighbourhood, in your language",
        "ru": "Мастера, советы и помощь по соседству — на вашем языке",
        "ar": "حرفيون ومستشارون ومساعدة من حيّك، وبلغتك",
    },
    locales=("de", "en", "ru", "ar"),
    currency="EUR",
    timezone="Europe/Berlin",
    brand={"primary": "#4338ca", "accent": "#e11d48"},
    round_to=1,
    districts=(
        _berlin_district("Mitte", "Митте", "ميته", 52.520, 13.405),
        _berlin_district("Kreuzberg", "Кройцберг", "كرويتسبرغ", 52.499, 13.403),
        _berlin_district("Neukölln", "Нойкёльн", "نويكولن", 52.481, 13.435),
        _berlin_district("Friedrichshain", "Фридрихсхайн", "فريدريشسهاين", 52.515, 13.454),
        _berlin_district("Prenzlauer Berg", "Пренцлауэр-Берг", "برنتسلاور بيرغ", 52.539, 13.424),
        _berlin_district("Charlottenburg", "Шарлоттенбург", "شارلوتنبورغ", 52.516, 13.304),
        _berlin_district("Schöneberg", "Шёнеберг", "شونبيرغ", 52.483, 13.353),
        _berlin_district("Wedding", "Веддинг", "فيدينغ", 52.550, 13.360),
        _berlin_district("Steglitz", "Штеглиц", "شتيغليتس", 52.457, 13.322),
        _berlin_district("Marzahn", "Марцан", "مارتسان", 52.545, 13.563),
        _berlin_district("Spandau", "Шпандау", "شبانداو", 52.535, 13.200),
        _berlin_district("Köpenick", "Кёпеник", "كوبينيك", 52.445, 13.575),
        _town(5, 52.399, 13.066, de="Potsdam", en="Potsdam", ru="Потсдам", ar="بوتسدام"),
        _town(2, 52.679, 13.587, de="Bernau", en="Bernau", ru="Бернау", ar="بيرناو"),
        _town(2, 52.560, 13.092, de="Falkensee", en="Falkensee", ru="Фалькензе", ar="فالكنزيه"),
        _town(
            3,
            52.754,
            13.237,
            de="Oranienburg",
            en="Oranienburg",
            ru="Ораниенбург",
            ar="أورانينبورغ",
        ),
    ),
    circles=(
        Circle(
            6,
            ("Thomas", "Jan", "Matthias", "Stefan", "Uwe", "Felix", "Jonas", "Holger", "Sven"),
            ("Katrin", "Anja", "Susanne", "Lena", "Julia", "Heike", "Miriam", "Franziska"),
            (
                "Krüger",
                "Lehmann",
                "Schulze",
                "Richter",
                "Zimmermann",
                "Noack",
                "Brandt",
                "Winkler",
                "Seidel",
                "Paschke",
                "Hartwig",
                "Engel",
            ),
            ("de", "en"),
        ),
        Circle(
            2,
            ("Mehmet", "Emre", "Kemal", "Serkan"),
            ("Ayşe", "Elif", "Zeynep", "Derya"),
            ("Yıldız", "Kaya", "Demir", "Aydın", "Şahin", "Öztürk"),
            ("de", "tr"),
        ),
        Circle(
            2,
            ("Omar", "Karim", "Samir", "Youssef"),
            ("Rania", "Layla", "Nour", "Hanan"),
            ("Haddad", "Khoury", "Mansour", "Al-Masri", "Sabbagh"),
            ("de", "ar", "en"),
        ),
        Circle(
            2,
            ("Alexander", "Viktor", "Eugen", "Dimitri"),
            ("Irina", "Olga", "Tatjana", "Swetlana"),
            ("Weber", "Schmidt", "Petrenko", "Reimer", "Wagner"),
            ("de", "ru"),
        ),
        Circle(
            1,
            ("Piotr", "Marek"),
            ("Agnieszka", "Magda"),
            ("Nowak", "Wójcik", "Lewandowski"),
            ("de", "pl", "en"),
            ("Nowak", "Wójcik", "Lewandowska"),
        ),
    ),
)

MADRID = DemoMarket(
    key="madrid",
    name={"es": "Barrio Madrid", "en": "Barrio Madrid", "fr": "Barrio Madrid"},
    tagline={
        "es": "Profesionales de tu barrio: cuéntanos qué necesitas",
        "en": "Professionals from your neighbourhood: tell us what you need",
        "fr": "Des professionnels de votre quartier : dites-nous ce qu'il vous faut",
    },
    locales=("es", "en", "fr"),
    currency="EUR",
    timezone="Europe/Madrid",
    brand={"primary": "#b91c1c", "accent": "#0e7490"},
    round_to=1,
    districts=(
        _madrid_district("Centro", 40.416, -3.704),
        _madrid_district("Chamberí", 40.434, -3.704),
        _madrid_district("Salamanca", 40.430, -3.678),
        _madrid_district("Retiro", 40.409, -3.676),
        _madrid_district("Arganzuela", 40.398, -3.695),
        _madrid_district("Tetuán", 40.460, -3.700),
        _madrid_district("Chamartín", 40.458, -3.677),
        _madrid_district("Carabanchel", 40.379, -3.744),
        _madrid_district("Latina", 40.403, -3.741),
        _madrid_district("Usera", 40.386, -3.706),
        _madrid_district("Puente de Vallecas", 40.398, -3.669),
        _madrid_district("Hortaleza", 40.474, -3.641),
        *(
            _town(3, lat, lon, es=name, en=name, fr=name)
            for name, lat, lon in (
                ("Alcalá de Henares", 40.482, -3.364),
                ("Getafe", 40.305, -3.733),
                ("Leganés", 40.328, -3.764),
                ("Alcobendas", 40.547, -3.642),
            )
        ),
    ),
    circles=(
        Circle(
            6,
            ("Javier", "Carlos", "Álvaro", "Miguel", "Sergio", "Rubén", "Ignacio", "Pablo"),
            ("Carmen", "Lucía", "Marta", "Elena", "Pilar", "Beatriz", "Rocío", "Nuria"),
            (
                "García Robles",
                "Fernández Mora",
                "Sánchez Vidal",
                "Romero Gil",
                "Torres Ibáñez",
                "Navarro Peña",
                "Molina Cano",
                "Ortega Rubio",
                "Delgado Prieto",
                "Castro Nieto",
            ),
            ("es", "en"),
        ),
        Circle(
            2,
            ("Andrés", "Julián", "Wilson", "Edison"),
            ("Paola", "Valentina", "Yadira", "Daniela"),
            ("Quispe Rojas", "Restrepo Díaz", "Vargas Luna", "Morales Chacón", "Zambrano Vera"),
            ("es",),
        ),
        Circle(
            1,
            ("Mihai", "Cristian"),
            ("Ioana", "Elena"),
            ("Popescu", "Ionescu", "Radu"),
            ("es", "ro"),
        ),
        Circle(
            1,
            ("Laurent", "Antoine"),
            ("Claire", "Sophie"),
            ("Moreau", "Lefèvre", "Garnier"),
            ("es", "fr", "en"),
        ),
    ),
)

DEMO_MARKETS = (KAZAN, BERLIN, MADRID)
