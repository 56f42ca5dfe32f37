"""SNIPS: English commands to a voice assistant; what is wanted, and with which particulars.

==========  ================================================================
``intent``  one of 7 a sentence, such as *PlayMusic*
``slots``   39 types of particulars, such as *artist* or *timeRange*, in BIO
==========  ================================================================

These are the lower-cased sentences and the split of the Slot-Gated paper, on which most published
figures stand.
"""

from mtl_tutorial.corpora.card import Card
from mtl_tutorial.corpora.download import fetch, pins
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.tasks import Task

INTENTS = (
    "AddToPlaylist", "BookRestaurant", "GetWeather", "PlayMusic", "RateBook",
    "SearchCreativeWork", "SearchScreeningEvent",
)  # fmt: skip
SLOTS = (
    "album", "artist", "best_rating", "city", "condition_description", "condition_temperature",
    "country", "cuisine", "current_location", "entity_name", "facility", "genre", "geographic_poi",
    "location_name", "movie_name", "movie_type", "music_item", "object_location_type",
    "object_name", "object_part_of_series_type", "object_select", "object_type",
    "party_size_description", "party_size_number", "playlist", "playlist_owner", "poi",
    "rating_unit", "rating_value", "restaurant_name", "restaurant_type", "served_dish", "service",
    "sort", "spatial_relation", "state", "timeRange", "track", "year",
)  # fmt: skip

CARD = Card(
    name="SNIPS",
    about="English commands to a voice assistant, with intent and slots",
    languages=("en",),
    source="github.com/MiuLab/SlotGated-SLU at 61f0307, after github.com/sonos/nlu-benchmark",
    license="CC0 1.0 (that of sonos/nlu-benchmark, which holds these sentences)",
    citation="Coucke et al. 2018, arXiv:1805.10190; for the split Goo et al. 2018, N18-2118",
    counts={"train": 13_084, "valid": 700, "test": 700},
    problems=(
        "15 validation and 26 test sentences occur in training too; 225 training sentences "
        "repeat an earlier one.",
        "The test part was held out of Sonos' training data; the validation part is Sonos' own.",
    ),
    files=pins(
        "https://raw.githubusercontent.com/MiuLab/SlotGated-SLU/"
        "61f0307c729b1fad479ef1de94aa5ac5dee601b0/data/snips",
        "snips",
        {
            "train/seq.in": (617_079, "04ad1e3f2121d83c6478f9a4b17d2dbdc21d06d6127f73cb7af835ed733f9855"),
            "train/seq.out": (950_926, "fd5f2121d8055827e5d6b3d3bac30f3d7e94e82a5d437751960cbdd9e1b4f6d3"),
            "train/label": (184_532, "bfd7df6cf9dd76c5da5d8b61bc85f90386197bdd3d7510c1d324c051537b962f"),
            "valid/seq.in": (33_629, "64e0f6d8ad8aab3a3828164d7d53731a0993d3ca1aed437ceaca6d3d568d410e"),
            "valid/seq.out": (50_626, "712e6d34feb8d52d208b820a5f8bae6e6ff990f08374507dfde22de389088319"),
            "valid/label": (9_900, "9c1dd041216f647bcfca838aaf1a48eb5781e4404256d31ff07cd38a5436c52f"),
            "test/seq.in": (33_121, "c1e341173fcea2951a8ca371956a6f81c76de87b9583c62eb87edd6158fa3a7c"),
            "test/seq.out": (50_918, "58c07c9097d5e1f78889765c2a535a160f6455b90b3142055c8051847afcca47"),
            "test/label": (10_120, "37a26da3ad079bb41c42c85a3a8f827eb47efec4c5917ce5d08f4b2736e4f830"),
        },
    ),
)  # fmt: skip


def tasks() -> list[Task]:
    """The corpus' tasks."""
    return [Task("intent", "sequence", INTENTS), Task.bio("slots", SLOTS)]


def load(*, min_count: int = 2) -> MultiTaskData:
    """SNIPS in its split; downloaded the first time.

    Parameters
    ----------
    min_count
        Tokens rarer than this in the training part are unknown.

    Raises
    ------
    DownloadError
        If a file is not in the cache and cannot be downloaded.
    """
    fetched = dict(zip(CARD.files, fetch(*CARD.files.values()), strict=True))
    rows = {}
    for split in CARD.counts:
        columns = [
            fetched[f"{split}/{name}"].read_text(encoding="utf-8").removesuffix("\n").split("\n")
            for name in ("seq.in", "seq.out", "label")
        ]
        rows[split] = [
            {"tokens": words, "slots": tags, "intent": intent}
            for words, tags, intent in zip(*columns, strict=True)
        ]
    return MultiTaskData.from_rows(rows, tasks(), min_count=min_count)
