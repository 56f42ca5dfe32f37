"""English word lists and sentence frames for `people`."""

import re


def _list(text: str) -> list[str]:
    return [" ".join(entry.split()) for entry in text.split(";") if entry.strip()]


def _thing(entity: str, names: str, forms: str, did: str, **parts: str) -> dict:
    lists = {key: _list(options) for key, options in parts.items()}
    return {
        "entity": entity,
        "parts": lists,
        "names": _list(names),
        "forms": _list(forms),
        "did": _list(did),
    }


def _words(text: str) -> dict[str, list[str]]:
    """Adjectives before a "|", if there are any, and phrases."""
    adjectives, _, phrases = text.rpartition("|")
    return {"adjectives": _list(adjectives), "phrases": _list(phrases)}


# fmt: off
# -- people

SURNAMES = _list("""
    Abernall; Alderete; Ambrosi; Anstead; Arbuthot; Balakian; Barrowby; Bellwether; Bisharat;
    Brackenridge; Brannock; Calderwood; Castellan; Chandran; Chowning; Colverson; Dalrympton;
    Dellinger; Dunleavy; Eastlund; Ellsmere; Farnsley; Fenwright; Garrivo; Gundersby; Halvorsen;
    Hargrave; Hofstetter; Ibarrola; Iyengar; Jurgensen; Kaplowitz; Kellerby; Kowalczyk; Larkspur;
    Lindqvist; Lowenthal; Maddern; Marchetti; Marquand; McElwain; McTavish; Mehrotra;
    Merriweather; Nakagawa; Nwosu; O'Hanlon; Okoro; Ostrowski; Pennifold; Pettibone; Quimby;
    Rademaker; Rinaldo; Rutledge; Salcedo; Schaffner; Sorrells; Stanwick; Tanimoto; Tillinghast;
    Tranby; Underdale; Vandermeer; Vassallo; Wakeley; Whitcombe; Yamashiro; Zabriskie;
    Zielonka""")
GIVEN = {
    "f": _list("""
        Abigail; Alice; Amara; Amy; Angela; Anita; Anna; Audrey; Beatriz; Bonnie; Brenda; Camila;
        Carol; Cecilia; Claire; Cynthia; Dana; Deborah; Diane; Donna; Elaine; Elena; Emily; Erica;
        Esther; Eva; Fiona; Gina; Gloria; Hannah; Heather; Helen; Irene; Ivy; Janet; Joan; Judith;
        Julia; Karen; Kathleen; Keiko; Laura; Leah; Linda; Lucy; Maria; Marta; Maya; Megan; Monica;
        Nadia; Nancy; Naomi; Nora; Olivia; Paula; Priya; Rachel; Rosa; Ruth; Sharon; Sofia; Stella;
        Susan; Teresa; Vera; Wendy; Yvonne"""),
    "m": _list("""
        Aaron; Adrian; Ahmed; Albert; Andre; Andrew; Arjun; Barry; Ben; Bernard; Brian; Bruce;
        Calvin; Carl; Carlos; Colin; Curtis; Daniel; Dennis; Derek; Diego; Douglas; Edwin; Eric;
        Ethan; Felix; Frank; Gary; Gavin; Gerald; Glenn; Gordon; Greg; Harold; Hector; Henry;
        Howard; Ian; Ivan; Jack; Jason; Jerome; Joel; Keith; Kenji; Kevin; Leo; Leonard; Luis;
        Malik; Martin; Marvin; Neil; Nolan; Omar; Oscar; Patrick; Paul; Peter; Philip; Ralph;
        Raymond; Roger; Samir; Simon; Stanley; Theo; Vincent; Walter; Wesley"""),
}
NAMES = ("{given} {surname}", "{given}", "{given}")
PRONOUNS = {
    "f": {"he": "she", "him": "her", "his": "her"},
    "m": {"he": "he", "him": "him", "his": "his"},
}

# Classes share words ("old", "former", "fellow", "buddy", "partner", "adviser", "family",
# "teacher", "neighbor"), so that one word of an expression does not give the class away.
RELATIONS = {
    "family": _list("""
        aunt:f; mother-in-law:f; older brother:m; stepfather:m; cousin; grandfather:m; sister:f;
        great-aunt:f; wife:f; uncle:m; mother:f; brother-in-law:m; second cousin; half sister:f;
        husband:m; niece:f; grandmother:f; nephew:m; dad:m; twin brother:m"""),
    "friend": _list("""
        best friend; old buddy; close friend; pal; childhood friend; family friend; friend;
        fishing buddy; good friend; lifelong friend; pen pal; old friend; longtime friend;
        hiking buddy; dear friend; tennis buddy; buddy; bosom friend; bestie; new friend"""),
    "work": _list("""
        boss; colleague; old boss; office mate; coworker; business partner; manager;
        cubicle neighbor; supervisor; fellow employee; sales manager; former boss; predecessor;
        line manager; old colleague; secretary; new boss; team leader; former coworker;
        project manager"""),
    "school": _list("""
        classmate; professor; old classmate; thesis adviser; fellow student; high school teacher;
        study buddy; history professor; lab partner; former classmate; lecturer; old math teacher;
        college classmate; doctoral adviser; chemistry professor; schoolmate; homeroom teacher;
        statistics lecturer; former professor; fellow graduate student"""),
    "neighbor": _list("""
        neighbor; upstairs neighbor; next-door neighbor; fellow tenant; old neighbor;
        across-the-street neighbor; downstairs neighbor; third-floor neighbor; new neighbor;
        across-the-hall neighbor; longtime neighbor; former neighbor; ground-floor neighbor;
        fellow resident; top-floor neighbor; backyard neighbor; corner-house neighbor;
        good neighbor; second-floor neighbor; old upstairs neighbor"""),
    "service": _list("""
        landlord:m; family doctor; dentist; tax adviser; hairdresser; plumber; landlady:f;
        private piano teacher; mechanic; neighborhood butcher; old dentist; real estate agent;
        accountant; personal trainer; house cleaner; electrician; former landlord:m;
        insurance agent; gardener; barber"""),
}
# These say what somebody is without any of the words above. No gender: the name has one.
DESCRIBED = {
    "family": _list("""
        {name}, who has the same parents as me,; {name}, whom I am married to,;
        {name}, who married into our family,; {name}, who used to tuck me in at night,;
        {name} from my side of the family; {name}, the oldest in our family,;
        {name} from the northern branch of our family;
        {name}, who has the same grandparents as me,"""),
    "friend": _list("""
        {name}, whom I go fishing with,; {name}, with whom I share all my secrets,;
        {name} from our poker night; {name}, whom I always meet for a beer,;
        {name} from our old gang; {name}, whom I hang out with on weekends,;
        {name}, who comes to all my birthday parties,; {name}, on whose shoulder I cry,"""),
    "work": _list("""
        {name}, who sits opposite me at work,; {name} from accounting at our company;
        {name}, who shares an office with me,; {name}, whom I report to,;
        {name} from the desk next to mine at the office; {name}, who runs our department,;
        {name} from our sales team; {name}, who leads the project I am on,"""),
    "school": _list("""
        {name}, who sat next to me in high school,; {name}, who taught me chemistry in college,;
        {name} from my old class; {name}, who graded my thesis,; {name} from my statistics course;
        {name}, who graduated with me,; {name}, with whom I studied for finals,;
        {name}, whose lectures I attend,"""),
    "neighbor": _list("""
        {name}, who lives right above me,; {name} from the apartment below mine;
        {name} from across the street; {name}, who lives two doors down from me,;
        {name} from the house next to mine; {name}, whose balcony is right beside mine,;
        {name}, whose backyard borders mine,; {name} from the third floor of our building"""),
    "service": _list("""
        {name}, who cuts my hair,; {name}, who fixes my car,; {name}, to whom I pay my rent,;
        {name}, who cleans my house once a week,; {name}, who does my taxes,;
        {name}, who delivers my mail,; {name}, who checks my teeth twice a year,;
        {name}, who sold me my insurance,"""),
}
PERSON_FORMS = [
    "my {word}", "my {word}", "my {word}", "my {word}", "my {word}",
    "my {word} {name}", "my {word} {name}", "my {word}, {name},",
    "{name}, my {word},", "{name} (my {word})", "{name}, who is my {word},",
]

# -- two people and what they are to each other

PAIRS = [
    "{a} and {his} {word} {b}", "{a} and {his} {word}, {b},", "{a} and {b}, {his} {word},",
    "{a} and {b} ({his} {word})", "{a} and {b}, who is {his} {word},", "{a}'s {word} {b}",
    "{a}'s {word}, {b},", "{b}, {a}'s {word},", "{b} ({a}'s {word})", "{b}, who is {a}'s {word},",
]
UNRELATED_PAIRS = [
    "{a} and {b}", "{a} and a certain {b}", "{a} and {b}, who hardly know each other,",
    "{a} and {b}, who is not {his} {word},", "{a} and {b}, who do not know each other well,",
    "{a} and {b} (not {his} {word})", "{b}, who is not {a}'s {word},", "{b} (not {a}'s {word})",
    "{b}, who is sometimes mistaken for {a}'s {word},", "{a} and {b}, who is often taken for {his} {word},",
]
BONDS = [
    "{b} is {a}'s {word}", "{a}'s {word} is {b}", "{a}'s {word} is none other than {b}",
    "{b} happens to be {a}'s {word}", "{b} turns out to be {a}'s {word}",
    "the name of {a}'s {word} is {b}", "{a} introduced {b} as {his} {word}",
    "{b}, of all people, is {a}'s {word}", "{b} is in fact {a}'s {word}",
    "{a} always introduces {b} as {his} {word}",
]
UNRELATED_BONDS = [
    "{b} is not {a}'s {word}", "{a}'s {word} is not {b} but somebody else",
    "{a} and {b} have never met", "people wrongly take {b} for {a}'s {word}",
    "{a} and {b} do not know each other", "{b}, of all people, was mistaken for {a}'s {word}",
    "{a} denies that {b} is {his} {word}", "{a} has never heard of {b}",
    "{a} and {b} have nothing to do with each other", "{b} was never {a}'s {word}",
    "{a} and {b} only know each other by sight", "{a} and {b} are perfect strangers",
]

# -- things, places, times

THINGS = {
    "gadget": _thing(
        "PROD",
        names="{brand} {model}",
        forms="""
            the {name} speaker; the {name} tablet; the {name} camera; the {name} headset;
            the {name} smartwatch; the {name} e-reader; the {name} phone;
            the {name} music player""",
        did="bought; ordered; tried out; tested; unpacked; borrowed; got",
        brand="""
            Torvix; Nembra; Halvex; Orvello; Brindo; Kestava; Zynthe; Pallero; Tandrel; Ostrix;
            Corvane; Fennick; Jorvo; Quandor; Miravo; Veltano""",
        model="""
            X3; Pulse; One; G7; Mini; Air 2; Prime; S40; Nova; Lite; Q5; Pocket; Trio 4; Max; T900;
            Go""",
    ),
    "food": _thing(
        "PROD",
        names="{maker} {flavor}",
        forms="""
            the {name} granola; the {name} ice cream; the {name} chocolate bar; the {name} yogurt;
            the {name} snack bar; the {name} pudding; the {name} cereal;
            the {name} cookie spread""",
        did="tried; bought; tasted; opened; brought home; picked up",
        maker="""
            Ridgeby; Applewick; Dunmore Mill; Larkfield; Tillie Ann; Goldenrow; Hobbs Hollow;
            Merriby; Pinkney; Stonehen; Crumbly Creek; Wrenby""",
        flavor="""
            Maple Pecan; Sea Salt Caramel; Wild Berry; Honey Almond; Toasted Coconut;
            Orange Ginger; Vanilla Chai; Dark Cherry; Lemon Poppy; Banana Walnut; Peach Crumble;
            Cinnamon Swirl""",
    ),
    "story": _thing(
        "PROD",
        names="The {adj} {noun}; The {adj} {noun}; The {noun} at {time}; {adj} {noun}",
        forms="""
            the novel {name}; the novel "{name}"; the series {name}; the series "{name}";
            the movie {name}; the movie "{name}"; the video game {name}; a story called {name}""",
        did="finished; started; reviewed; discovered; picked out; talked about",
        adj="""
            Mislaid; Overdue; Buttoned; Woolen; Sideways; Upholstered; Untuned; Lukewarm; Ninth;
            Checkered; Unpaid; Wednesday""",
        noun="""
            Orchard; Lighthouse; Mapmaker; Harbor; Staircase; Clockmaker; Meadow; Violin; Ferry;
            Beekeeper; Island; Lantern""",
        time="Half Past Nine; Low Tide; Quarter to Four; Harvest Time; Closing Time; Five to One",
    ),
    "app": _thing(
        "PROD",
        names="{first}{last}; {first}{last}; {first}{last} {mark}",
        forms="the {name} app; the {name} app; the app {name}; {name}; an app called {name}",
        did="installed; downloaded; tried out; signed up for; tested; discovered",
        first="Task; Budget; Note; Meal; Trip; Habit; Chore; Recipe; Garden; Walk; Coin; Song",
        last="lark; wren; burrow; moth; badger; kettle; pebble; otter; thimble; lantern",
        mark="Plus; Pro; Go; Daily",
    ),
    "restaurant": _thing(
        "ORG",
        names="{adj} {noun}; {adj} {noun}; {adj} {noun} {kind}",
        forms="""
            the {name}; the {name}; the restaurant {name}; the {name} downtown;
            a restaurant called {name}""",
        did="tried; went to; visited; discovered; ate at; picked",
        adj="""
            Yawning; Lopsided; Mumbling; Waltzing; Freckled; Absentminded; Bashful; Tiptoeing;
            Bewildered; Quibbling; Well-Read; Sneezing""",
        noun="Ladle; Turnip; Skillet; Heron; Thimble; Teapot; Radish; Gherkin; Colander; Parsnip",
        kind="Grill; Kitchen; Tavern; Bistro",
    ),
    "hotel": _thing(
        "ORG",
        names="{place} {kind}; {place} {kind}; Hotel {place}",
        forms="the {name}; the {name}; the {name} by the station; a place called {name}",
        did="booked; stayed at; checked into; visited; picked; tried",
        place="""
            Belmira; Ploverley; Jasper Knoll; Estwicke; Saffron Row; Ravensforth; Pale Birch;
            Tamberlyn; Foxmere; Quarrowmere; Ellerwick; Windermoor""",
        kind="Inn; Lodge; Hotel; Guesthouse; Suites Hotel",
    ),
    "firm": _thing(
        "ORG",
        names="{stem} {trade}",
        forms="{name}; {name}; the firm {name}; a company called {name}",
        did="tried; called; contacted; chose; went with; switched to",
        stem="""
            Ironwhistle; Brightwaller; Oddoak; Redfernley; Hillcraddock; Thistlebury; Swiftmarrow;
            Grandlow; Ashdowney; Kindlewick; Oldfennel; Pepperloom""",
        trade="""
            Plumbing; House Painting; Moving Company; Phone Repair; Window Cleaning; Carpentry;
            Cleaning Service; Bike Repair; Travel Agency; Dry Cleaning; Garden Service; Catering""",
    ),
    "spot": _thing(
        "LOC",
        names="{stem} {kind}",
        forms="the {name}; the {name}; the nearby {name}; a place called {name}",
        did="visited; went to; explored; toured; discovered; photographed",
        stem="""
            Aldermoor; Wexholme; Hartsmere; Lindorra; Orlina; Merrowby; Falkenby; Stillmere;
            Birchallow; Tansywick; Coldbrackle; Sorrelby""",
        kind="""
            Rose Garden; Old Quarter; Botanical Garden; Lighthouse; Museum; Nature Preserve;
            Boardwalk; Observatory; Lake Trail; Market Hall; Sculpture Garden; Aquarium""",
    ),
}
CITIES = _list("""
    Albuquerque; Atlanta; Austin; Baltimore; Barcelona; Berlin; Boise; Boston; Buffalo; Chicago;
    Cincinnati; Cleveland; Copenhagen; Dallas; Denver; Detroit; Dublin; Edinburgh; El Paso; Hanoi;
    Helsinki; Houston; Kansas City; Lisbon; London; Los Angeles; Lyon; Madrid; Melbourne; Memphis;
    Miami; Milwaukee; Minneapolis; Montreal; Nairobi; Nashville; New Orleans; Oslo; Philadelphia;
    Phoenix; Pittsburgh; Portland; Prague; Quito; Sacramento; Salt Lake City; San Diego; Seattle;
    Seoul; St. Louis; Tampa; Toronto; Tucson; Vancouver; Vienna; Wichita""")
EMPLOYERS = _list("""
    Harlan & Pike; Cedarbrook Hospital; Tallgrass Institute; Brackwater Logistics; Ostrander Foods;
    Wendell Ridge College; Kessler Paper; Marwick Tools; Pinecrest Middle School;
    Norwell Insurance; Stratton Clinic; Dovetail Furniture; Lakemont University; Grayling Software;
    Hollis & Daughters; Sumerly Labs; Rookwood Press; Vantry Systems; Millbridge High School;
    Eastbrook Hospital; Tidewell Energy; Castlemoor Bank; Orchard Hill Library; Bramley Textiles;
    Fairlea Institute; Sutter Glass; Penrose Academy; Clearfork Dental; Whitlow Engineering;
    Arden Valley Dairy; Northgate Publishing; Maplewood Medical Center""")
# usable at the start of a clause and at its end; the frames want them in the past
TIMES = _list("""
    last weekend; yesterday; last Tuesday; a few days ago; last month; the other day;
    on Friday evening; two weeks ago; this morning; last summer; in early May; over the holidays;
    a while ago; on Sunday afternoon; earlier this week; last fall; the week before last;
    at the end of June; back in October; last night; a year ago; in the spring; last Thursday;
    three days ago""")

# -- opinions: verb phrases in the third person singular. Both sides use the same words ("worth",
# "hard to", "promises", "every", "nothing"), and the neutral ones use them too.

OPINIONS = {
    "any": {
        "positive": _words("""
            good; pleasant; impressive; appealing; satisfying; easy to like; enjoyable; great;
            hard to beat; delightful; easy to recommend; lovely; convincing; attractive; nice;
            likable; excellent; inspired; fabulous; high-quality; rewarding; first-rate;
            easy to love; first-class
            | leaves nothing to be desired; is a real find; deserves all the praise it gets;
            is the best of its kind; wins you over right away; makes your day; has no weak points;
            puts a smile on your face; grows on you more and more; could not be better;
            has that certain something; lives up to the hype; is superb; never disappoints;
            makes you want more; sets the bar very high; is in a class of its own;
            makes everybody happy; is nothing short of brilliant; exceeds all expectations;
            is second to none; is a pleasure every time; is fantastic; earns top marks;
            gets five stars out of five; is a hit with everybody; is better than anything like it;
            is wonderful; is the pick of the bunch; outshines all the others; is a dream come true;
            has plenty to love; is more than worth a try"""),
        "negative": _words("""
            bad; unpleasant; unimpressive; unappealing; unsatisfying; hard to like; annoying; poor;
            disappointing; frustrating; hard to recommend; lousy; unconvincing; unattractive;
            overrated; underwhelming; uninviting; uninspired; disagreeable; low-quality; below par;
            second-rate; hard to love; third-rate
            | leaves a lot to be desired; is a real letdown; deserves none of the praise it gets;
            is the worst of its kind; puts you off right away; ruins your day; has no strong points;
            wipes the smile off your face; gets on your nerves more and more; could not be worse;
            lacks that certain something; fails to live up to the hype; is terrible;
            does nothing but disappoint; makes you want to look elsewhere; sets the bar very low;
            is at the bottom of its class; makes nobody happy; is nothing short of a disaster;
            falls short of all expectations; trails behind all the others;
            is a pain every time; is awful; earns the lowest marks; gets one star out of five;
            is a hit with nobody; is worse than anything like it; is horrible;
            is the dud of the bunch; has a flaw for every day of the year; is a nightmare;
            has little to love; is not even worth a try"""),
        "neutral": _words("""
            is neither good nor bad; is about average; is just okay; is so-so;
            is much like others of its kind; leaves you with mixed feelings;
            has its strong and its weak points; gets three stars out of five;
            is a matter of taste; is neither a hit nor a miss;
            could be better and could be worse; is all right, no more than that;
            is exactly average; is fine, nothing more;
            is neither the best nor the worst of its kind; ranks somewhere in the middle;
            is nothing special and nothing terrible; neither excites nor bores;
            has as many fans as critics; is middle of the road;
            meets expectations without exceeding them; is fair to middling;
            neither pleases nor annoys; is right between good and bad;
            has been around for a few years; has about fifty reviews online;
            has its own page online; was in the local paper last week;
            has changed its name once; gets mentioned on a few blogs; is new this year"""),
    },
    "gadget": {
        "positive": _words("""
            reliable; sturdy; easy to use; handy; well built; responsive; durable; intuitive
            | works right out of the box; lasts all day on one charge; is worth the money;
            feels solid; charges in no time; saves you a lot of trouble; runs without a hitch;
            survives every fall without a scratch; does everything it promises"""),
        "negative": _words("""
            unreliable; flimsy; hard to use; clumsy; poorly made; sluggish; fragile; buggy
            | breaks right out of the box; dies after an hour on one charge;
            is not worth the money; feels like cheap plastic; takes forever to charge;
            causes you a lot of trouble; crashes without warning;
            does not survive a single fall; does nothing it promises"""),
        "neutral": _words("""
            comes in three colors; comes in black and in white; weighs about half a pound;
            has two buttons on the side; comes with a charging cable; ships in a flat box;
            came out last year; replaces the older model; has the same size as the older model;
            is sold online and in stores; has a one-year warranty; works about as well as most;
            costs as much as the older model; does its job, no more and no less;
            feels neither cheap nor fancy; needs two hours to charge"""),
    },
    "food": {
        "positive": _words("""
            tasty; delicious; fresh; flavorful; wholesome; yummy; irresistible; mouthwatering
            | tastes like homemade; makes you want a second helping; is worth every penny;
            tastes even better the next day; has just the right amount of sugar;
            is gone within minutes at our house; tastes of nothing but good ingredients;
            goes down well with everybody; smells heavenly"""),
        "negative": _words("""
            bland; stale; tasteless; greasy; sickly sweet; soggy; artificial; sticky
            | tastes like cardboard; makes you want to spit it out; is not worth a penny;
            tastes even worse the next day; has far too much sugar;
            goes straight into the trash at our house; tastes of nothing but sugar;
            goes down well with nobody; smells like old socks"""),
        "neutral": _words("""
            comes in two sizes; may contain nuts; has two hundred calories per serving;
            is sold in most supermarkets; keeps for about a month; has a green label;
            is made without eggs; contains milk and sugar; comes in five flavors;
            tastes neither good nor bad; tastes like any other brand; costs about four dollars;
            is made in a small town up north; tastes much the same as before; tastes okay;
            is best stored in a cool place"""),
    },
    "story": {
        "positive": _words("""
            gripping; thrilling; funny; moving; clever; suspenseful; well written; touching
            | keeps you on the edge of your seat; has you hooked within minutes;
            is full of surprises; makes you laugh and cry; stays with you for a long time;
            has a brilliant ending; has characters everybody cares about;
            is worth staying up for; gets better by the minute"""),
        "negative": _words("""
            boring; predictable; cheesy; confusing; long-winded; poorly written; shallow;
            far-fetched
            | puts you to sleep within minutes; has you yawning before long;
            is full of clichés; makes no sense at all; is forgotten by the next day;
            has a ridiculous ending; has characters nobody cares about;
            is not worth staying up for; gets worse by the minute"""),
        "neutral": _words("""
            takes place in a small town; came out two years ago; is set in the fifties;
            has three main characters; is about two sisters; is the second part of a trilogy;
            is based on a true story; opens with a train ride; has an open ending;
            begins in winter; is told from two points of view; takes place partly on a ship;
            has a sequel; is about a long journey; has strong parts and weak parts;
            is okay for a rainy afternoon"""),
    },
    "app": {
        "positive": _words("""
            user-friendly; helpful; practical; well designed; easy to navigate; fast; stable;
            convenient
            | saves you hours every week; runs like clockwork; makes everyday life easier;
            syncs without a hitch; is worth the subscription; gets better with every update;
            does exactly what you need; loads in a split second; keeps everything organized"""),
        "negative": _words("""
            slow; cluttered; useless; poorly designed; hard to navigate; unstable;
            inconvenient; glitchy
            | costs you hours every week; crashes every five minutes;
            makes everyday life harder; loses your data without warning;
            is not worth the subscription; gets worse with every update; does nothing you need;
            takes forever to load; drowns everything in ads"""),
        "neutral": _words("""
            has a free and a paid version; has a dark mode; works on phones and tablets;
            needs an email address to sign up; gets an update every two weeks; has a gray icon;
            takes up about forty megabytes; was launched two years ago;
            sends one message every day; works in four languages; lists everything by date;
            has a calendar view; does the basics, no more and no less;
            works about as well as similar ones; was updated last week;
            is neither fast nor slow"""),
    },
    "restaurant": {
        "positive": _words("""
            cozy; inviting; welcoming; charming; affordable; romantic; hospitable; homey
            | serves the best food in town; is worth the wait;
            makes you want to come back soon; has the friendliest waiters in town;
            serves huge portions at fair prices; treats every guest like a regular;
            gets every order right; has a menu that makes your mouth water;
            is worth the long drive"""),
        "negative": _words("""
            overpriced; shabby; dirty; unwelcoming; gloomy; crowded; grubby; drafty
            | serves the worst food in town; is not worth the wait;
            makes you never want to come back; has the rudest waiters in town;
            serves tiny portions at steep prices; treats every guest like a burden;
            gets every order wrong; has a menu that takes your appetite away;
            is not worth the short walk"""),
        "neutral": _words("""
            is open until nine; is closed on Mondays; has ten tables; is on the second floor;
            has a terrace in the back; takes reservations by phone; serves lunch and dinner;
            has a menu in two languages; is next to the post office; opened last fall;
            takes cash and cards; changes its menu every week;
            is around the corner from the bank; serves average food at average prices;
            is neither cheap nor expensive; is okay for a quick lunch"""),
    },
    "hotel": {
        "positive": _words("""
            comfortable; spotless; well kept; quiet; hospitable; elegant; clean; restful
            | has the softest beds in town; spoils you from the moment you check in;
            is worth the price; makes you feel at home; serves a breakfast fit for a king;
            has a breathtaking view; gives you a good night's sleep;
            has a staff that goes the extra mile; is the best place to stay in town"""),
        "negative": _words("""
            run-down; cramped; noisy; stuffy; uncomfortable; musty; poorly kept; inhospitable
            | has the hardest beds in town; makes you wait an hour to check in;
            is not worth the price; makes you feel like an intruder;
            serves a breakfast not fit for a dog; has a view of nothing but dumpsters;
            robs you of a good night's sleep; has a staff that could not care less;
            is the worst place to stay in town"""),
        "neutral": _words("""
            has forty rooms; is two blocks from the main street; serves breakfast until ten;
            has a parking garage; is on a side street; has five floors;
            was built in the seventies; has a small lobby; is across from a bus stop;
            lets you check in after three; closes its front desk at eleven;
            belongs to a small chain; has single and double rooms;
            has rooms like any other hotel; is all right for one night;
            offers the usual at the usual price"""),
    },
    "firm": {
        "positive": _words("""
            professional; punctual; trustworthy; competent; efficient; courteous; fair;
            flexible
            | does a thorough job; always returns your calls; keeps every appointment;
            charges a fair price; has a staff that knows what it is doing;
            solves every problem on the spot; treats its customers with respect;
            is always on schedule; goes out of its way to help"""),
        "negative": _words("""
            unprofessional; careless; unfair; incompetent; rude; chaotic; disorganized;
            untrustworthy
            | does a sloppy job; never returns your calls; misses every appointment;
            charges twice the agreed price; has a staff that has no idea what it is doing;
            creates more problems than it solves; treats its customers like dirt;
            is always behind schedule; never lifts a finger to help"""),
        "neutral": _words("""
            is open from Monday to Friday; has an office near the station;
            was founded ten years ago; has about thirty employees; takes calls until six;
            has two branches in the area; sends its bills by email; moved to a new address;
            is closed in August; asks for a deposit; has an online form; has a new logo;
            serves the whole county; sends its customers a newsletter;
            does an average job at an average price; is all right for simple things"""),
    },
    "spot": {
        "positive": _words("""
            beautiful; peaceful; picturesque; scenic; well maintained; breathtaking; magical;
            relaxing
            | takes your breath away; is worth the trip; is a feast for the eyes;
            makes you forget the time; looks even better in real life;
            is a place to fall in love with; is good for the soul; offers plenty to see;
            is the pride of the whole region"""),
        "negative": _words("""
            ugly; overcrowded; neglected; badly maintained; bleak; littered; touristy; dingy
            | takes all the fun out of a day off; is not worth the trip; is an eyesore;
            makes you count the minutes; looks much worse in real life;
            is a place to stay away from; is bad for your mood;
            offers nothing to see; is the shame of the whole region"""),
        "neutral": _words("""
            is open all year; has two entrances; is north of the river; closes at eight;
            is a short trip by bus; has a map at the entrance; has a small kiosk;
            was renovated in the nineties; has parking for fifty cars; has a gift shop;
            is across from the city hall; offers guided tours at two;
            takes about an hour to see; looks pretty much like its photos;
            is neither big nor small; is okay for a short visit"""),
    },
}
AFFIRM = _list("""
    is really {adjective}; is truly {adjective}; is simply {adjective}; is plainly {adjective};
    is undeniably {adjective}; is genuinely {adjective}; is nothing if not {adjective};
    is definitely {adjective}; can only be called {adjective}; proves to be {adjective};
    turns out to be {adjective}; is certainly {adjective}; is without doubt {adjective}""")
# The lists share most patterns: only the adjective tells which way the verdict is turned.
_DENY = _list("""
    is anything but {adjective}; is not {adjective} at all; is not the least bit {adjective};
    is far from {adjective}; is not remotely {adjective}; is not in the least {adjective};
    cannot be called {adjective}""")
DENY = {
    "positive": [*_DENY, "is hardly {adjective}", "is not what you would call {adjective}"],
    "negative": [*_DENY, "is not actually {adjective}", "is not {adjective} in the slightest"],
}
# {first} has the other polarity, and is what somebody else says; the verdict is {final}'s, which
# comes last in one half.
CONTRAST = [
    "{first}, or so the reviews say, but in fact it {final}",
    "{first}, some people claim, but in truth it {final}",
    "{first}, or so one hears, yet it {final}",
    "{first}, if you believe the reviews, but in reality it {final}",
    "{first}, according to one critic, but in fact it {final}",
    "{first}, if you trust strangers online, but really it {final}",
    "{final}, although some reviews say it {first}",
    "{final}, even if one critic wrote that it {first}", "{final}, no matter who says it {first}",
    "{final}, though others claim it {first}", "{final}, whereas the reviews say it {first}",
    "{final}, even though somebody online wrote that it {first}",
]
BALANCED = [
    "{good}, some say, while others say it {bad}", "{bad}, some say, while others swear it {good}",
    "{good}, one review says, and the next one says it {bad}",
    "{bad}, as some see it, but {good}, as others see it",
    "either {good} or {bad}, depending on whom you ask",
    "either {bad} or {good}, depending on whom you ask",
    "{bad}, one critic says, while another says it {good}",
    "gets mixed reviews: half of them say it {good}, the other half say it {bad}",
]

# -- frames: nothing but {opinion} may judge, and {person} is always the speaker's acquaintance

FRAMES = {
    "any": [
        # no pair, opinion
        "{person} told me about {thing}; it {opinion}.",
        "{time}, {person} {did} {thing}. It {opinion}.",
        "{person} says {thing} {opinion}.",
        "If you ask {person}, {thing} {opinion}.",
        "According to {person}, {thing} {opinion}.",
        "I heard from {other} that {person} {did} {thing}. It {opinion}.",
        "{other} told me what {person} thinks: {thing} {opinion}.",
        "Did you know that {person} {did} {thing}? It {opinion}.",
        "Before I forget: {thing} {opinion}. Please pass that on to {person}.",
        "{thing} {opinion}. I know that from {person}, not from {other}.",
        "You asked what {person} and I talked about. It was {thing}, which {opinion}.",
        "Somebody at {employer} told {person} about {thing}, which {opinion}.",
        "{other} passed on a message from {person}: {thing} {opinion}.",
        "Long story short, {thing} {opinion}. {person} would tell you the same.",
        "The short version of what {person} wrote: {thing} {opinion}.",
        "Why does nobody ever listen to {person}? {he} keeps saying that {thing} {opinion}.",
        "{person} sent me a postcard from {city}. It says that {thing} {opinion}.",
        "On the phone, {person} said that {thing} {opinion}.",
        "{person} called {time} to say that {thing} {opinion}.",
        "{person} {did} {thing} {time}, and it {opinion}.",
        "I am in {city} with {person}, and we agree that {thing} {opinion}.",
        "{person} wrote a review: {thing} {opinion}.",
        "{person} moved to {city} and soon {did} {thing}, which {opinion}.",
        "My notes from the talk with {person}: {thing} {opinion}.",
        "{person} and I agree: {thing} {opinion}.",
        "{person} wants everybody to know that {thing} {opinion}.",
        "In the view of {person}, {thing} {opinion}.",
        "Here is what I learned from {person}: {thing} {opinion}.",
        "{thing} {opinion}. That, at least, is what {person} says.",
        "{thing} {opinion}, and {person} knows it.",
        "Like me, {person} {did} {thing}; it {opinion}.",
        "{person} {did} {thing}, unlike {other}. It {opinion}.",
        "What does {person} think? That {thing} {opinion}.",
        "All {person} talks about these days is {thing}, which {opinion}.",
        "Every time I see {person}, {he} tells me that {thing} {opinion}.",
        "I asked {person} about {thing}. Well, it {opinion}.",
        "{person} is back from {city} and says that {thing} {opinion}.",
        "From what {person} tells me, {thing} {opinion}.",
        "At {employer}, where {person} works, they say that {thing} {opinion}.",
        # a pair, opinion
        "{person} told {pair} about {thing}; it {opinion}.",
        "{person} told {pair} that {thing} {opinion}.",
        "{pair} heard that {person} {did} {thing}, which {opinion}.",
        "Unlike {pair}, {person} {did} {thing}; it {opinion}.",
        "{pair} wanted to know how {person} likes {thing}. It {opinion}.",
        "{person} wrote to {pair} that {thing} {opinion}.",
        "{person} {did} {thing} because {pair} had mentioned it; it {opinion}.",
        "{pair} asked {person} about {thing}, which {opinion}.",
        "Like {pair}, {person} {did} {thing}. It {opinion}.",
        "{person} met {pair} to talk about {thing}, which {opinion}.",
        "{person} keeps telling {pair} that {thing} {opinion}.",
        "A note for {pair}: according to {person}, {thing} {opinion}.",
        "{other} told {pair} that {person} {did} {thing}; it {opinion}.",
        "{person} called {pair} {time} to say that {thing} {opinion}.",
        "{pair} learned from {person} that {thing} {opinion}.",
        "{pair} got a postcard from {person}. It says that {thing} {opinion}.",
        "Together with {pair}, {person} {did} {thing}; it {opinion}.",
        "{person} ran into {pair} in {city}. The talk was of {thing}, which {opinion}.",
        "In a letter to {pair}, {person} says that {thing} {opinion}.",
        "{pair} had never heard of {thing}, so {person} explained that it {opinion}.",
        "{person} works at {employer} with {pair} and says that {thing} {opinion}.",
        "{person} asked whether {pair} {did} {thing}. I do not know, but it {opinion}.",
        "What {pair} should hear from {person}: {thing} {opinion}.",
        "{pair} sent a card from {city}, and {person} wrote back: {thing} {opinion}.",
        "{person} had a long talk with {pair} about {thing}, which {opinion}.",
        "Over dinner, {person} told {pair} that {thing} {opinion}.",
        "{pair} can confirm what {person} says: {thing} {opinion}.",
        "Ask {person}, or ask {pair}: {thing} {opinion}.",
        "{person} agrees with {pair}: {thing} {opinion}.",
        "Here is the message from {person} to {pair}: {thing} {opinion}.",
        "Could you tell {pair}? {person} found out that {thing} {opinion}.",
        "While {pair} waited outside, {person} told me that {thing} {opinion}.",
        "{pair} introduced {person} to {thing}, which {opinion}.",
        "{person} sent a message to {pair} {time}: {thing} {opinion}.",
        "On the train to {city}, {person} told {pair} that {thing} {opinion}.",
        "{bond}, and {person} thinks that {thing} {opinion}.",
        "{person} told me two things: {bond}, and {thing} {opinion}.",
        "By the way, {bond}. And {person} says {thing} {opinion}.",
        "{person} says that {bond}. {he} also says that {thing} {opinion}.",
        "I learned from {person} that {bond}. I also learned that {thing} {opinion}.",
        "{bond}, in case you wondered. As for {thing}, {person} says it {opinion}.",
        "One more thing that I heard from {person}: {bond}. And {thing} {opinion}.",
        "Small world: {bond}. We found out when {person} {did} {thing}, which {opinion}.",
        "Did {person} tell you that {bond}? {he} told me, and also that {thing} {opinion}.",
        # a pair, no opinion
        "{person} will pick up {pair} at the station in {city} tomorrow.",
        "Could you tell {person} that {pair} will be there at eight?",
        "As {person} found out {time}, {bond}.",
        "Does {person} know that {bond}?",
        "{other} says that {person} is going to visit {pair} in {city}.",
        "{pair} will meet {person} on Friday to talk about {thing}.",
        "Is it true that {person} moved to {city} with {pair}?",
        "{person} works at {employer} and got an email from {pair} about {thing}.",
        "{time}, {person} {did} {thing} together with {pair}.",
        "{bond}. Anyway, {person} wants to talk to you about {thing} on Monday.",
        "What did {pair} say when {person} {did} {thing}?",
        "When I was at {employer} with {person}, I heard that {bond}.",
        "{person} wants to ask {pair} about {thing}.",
        "{pair} will take the bus to {city} with {person} on Sunday.",
        # neither
        "{person} {did} {thing} {time}.",
        "Is {person} still working at {employer} in {city}?",
        "{person} wants to know whether you have heard of {thing}.",
        "I will be in {city} with {person} until Thursday, so please water the plants.",
        "{other} tells me that {person} moved to {city} {time}.",
        "Where did {person} hear about {thing}?",
        "Could somebody give {person} a ride to {city} on Sunday?",
        "{time}, I ran into {person} in {city}, and we talked about {thing}.",
        "Remind me to ask {person} about {thing} when {he} gets back from {city}.",
        "According to {other}, {person} starts a new job at {employer} in March.",
        "This is just to let you know that {person} has started at {employer}.",
        "In my last letter I mentioned {person}. Well, {he} {did} {thing} {time}.",
    ],
    "gadget": [
        "{person} charged {thing} overnight and says that it {opinion}.",
        "{person} spent a week with {thing} and reports that it {opinion}.",
        "{person} lent me {thing} for a week; it {opinion}.",
        "{pair} borrowed {thing} from {person}; it {opinion}.",
        "{person} bought {thing} from {pair}, and it {opinion}.",
        "{person} showed {pair} how to set up {thing}, which {opinion}.",
        "{person} let {pair} try out {thing}; it {opinion}.",
        "Could {pair} bring {person} the charger for {thing} tomorrow?",
        "{person} wants to borrow {thing} from {pair}.",
        "{person} ordered {thing} online, and the package is still in {city}.",
        "{person} is looking for the receipt for {thing}.",
    ],
    "food": [
        "{person} put {thing} on the breakfast table; it {opinion}.",
        "{person} bought {thing} at a store in {city}, and it {opinion}.",
        "{person} had {thing} for dessert and says that it {opinion}.",
        "{person} shared {thing} with {pair} at lunch; it {opinion}.",
        "{pair} brought {thing} to the picnic that {person} had planned; it {opinion}.",
        "{person} served {thing} to {pair}, and it {opinion}.",
        "{person} got {thing} from {pair} as a present; it {opinion}.",
        "{pair} will bring {thing} to the picnic that {person} is planning.",
        "{person} wants to bring {thing} to {pair}.",
        "{person} wants me to pick up {thing} at a store in {city}.",
        "{person} put {thing} on the shopping list.",
    ],
    "story": [
        "{person} told me how {thing} ends; I know it by now, and it {opinion}.",
        "{person} finished {thing} in one weekend and says that it {opinion}.",
        "{person} wrote about {thing} for a paper in {city}: it {opinion}.",
        "{person} told {pair} the ending of {thing}, which {opinion}.",
        "{pair} gave {thing} to {person} as a present; it {opinion}.",
        "{person} discussed {thing} with {pair} for hours; it {opinion}.",
        "{pair} asked {person} for the ending of {thing}, which {opinion}.",
        "Does the main character of {thing} remind you of {pair}, as {person} claims?",
        "{person} lent {thing} to {pair} {time}.",
        "{person} is halfway through {thing} and does not want to hear how it ends.",
        "{person} got {thing} from the library in {city}.",
    ],
    "app": [
        "{person} installed {thing} for me, and it {opinion}.",
        "{person} has used {thing} for a month and says that it {opinion}.",
        "{person} has {thing} on {his} phone; it {opinion}.",
        "{person} sent {pair} a link to {thing}, which {opinion}.",
        "{person} showed {pair} how {thing} works; it {opinion}.",
        "{person} shares an account on {thing} with {pair}; it {opinion}.",
        "{pair} talked {person} into using {thing}, which {opinion}.",
        "{pair} got an invitation to {thing} from {person} {time}.",
        "{person} will show {pair} how {thing} works.",
        "{person} is looking for the password {he} uses for {thing}.",
        "At {employer}, where {person} works, everybody uses {thing}.",
    ],
    "restaurant": [
        "{person} booked a table for six at {thing}; the place {opinion}.",
        "{person} celebrated {his} birthday at {thing}, and the place {opinion}.",
        "{person} took me to {thing} for lunch; it {opinion}.",
        "{person} took {pair} out to dinner at {thing}, and the place {opinion}.",
        "{person} sat next to {pair} at {thing}; the place {opinion}.",
        "{person} ran into {pair} at {thing}, which {opinion}.",
        "{person} invited {pair} to {thing} for lunch; it {opinion}.",
        "{pair} will join {person} for lunch at {thing} on Tuesday.",
        "{person} saw {pair} at {thing} {time}.",
        "{person} has reserved a table at {thing} for seven o'clock.",
        "{person} left an umbrella at {thing} {time}.",
    ],
    "hotel": [
        "{person} spent two nights at {thing} and says that it {opinion}.",
        "{person} had the smallest room at {thing}; the place {opinion}.",
        "{person} went to {city} and stayed at {thing}, which {opinion}.",
        "{pair} joined {person} at {thing} for a night; it {opinion}.",
        "{person} met {pair} in the lobby of {thing}, which {opinion}.",
        "{person} booked {thing} for {pair}; it {opinion}.",
        "{person} shared a taxi to {thing} with {pair}; the place {opinion}.",
        "{person} has booked two rooms at {thing}, one of them for {pair}.",
        "{person} will meet {pair} in the lobby of {thing} at nine.",
        "{person} arrives at {thing} on Monday and checks out on Thursday.",
        "{person} is waiting for a call from {thing}.",
    ],
    "firm": [
        "{person} signed a contract with {thing} {time}; it {opinion}.",
        "{person} has been a customer of {thing} for a year and says that it {opinion}.",
        "{person} found {thing} in the phone book; it {opinion}.",
        "{person} sent {pair} to {thing}, which {opinion}.",
        "{person} gave {pair} the number of {thing}, which {opinion}.",
        "{person} hired {thing} for {pair}; it {opinion}.",
        "{person} split a bill from {thing} with {pair}; the firm {opinion}.",
        "{pair} wrote to {thing} {time}, and {person} got a copy.",
        "{person} needs the number of {thing} and will ask {pair}.",
        "Does {person} have the phone number of {thing} in {city}?",
        "{person} has an appointment with {thing} on Thursday.",
    ],
    "spot": [
        "{person} showed us around {thing}, and it {opinion}.",
        "{person} spent an afternoon at {thing}; it {opinion}.",
        "{person} sent me a picture of {thing}, which {opinion}.",
        "{person} and I met {pair} at the entrance of {thing}; the place {opinion}.",
        "{person} took {pair} to {thing}, which {opinion}.",
        "{person} ran into {pair} at {thing}; the place {opinion}.",
        "{person} showed {pair} around {thing}, and it {opinion}.",
        "{pair} will wait for {person} at the entrance of {thing} at noon.",
        "{person} took a picture of {pair} at {thing}.",
        "How far is it from {employer} to {thing}? {person} wants to walk.",
        "{person} lost a glove at {thing} {time}.",
    ],
}

# fmt: on


def finish(text: str) -> str:
    """Commas left over from appositions, "a" or "an", capitals; names keep their marks."""
    text = re.sub(r",(?=[,.;:?!])", "", text)
    text = re.sub('"(\x03?)([,.])', r'\2"\1', text)  # the American order
    vowel = "(?:\x01[A-Z]+\x02)?(?!uni|use|one\\b|Eu)[aeiouAEIOU]"
    text = re.sub(rf"\b([Aa]) (?={vowel})", r"\1n ", text)
    return re.sub(
        "((?:^|[.?!] )(?:\x01[A-Z]+\x02)?)([a-z])", lambda match: match[1] + match[2].upper(), text
    )
