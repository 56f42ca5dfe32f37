"""MASSIVE: the same commands to a voice assistant in English and in Chinese, among 52 languages.

============  ===================================================================
``scenario``  one of 18 fields, such as *alarm*
``intent``    one of 60 finer ones, such as *alarm_set*
``slots``     55 types of particulars, such as *date* or *person*, in BIO
============  ===================================================================

Ids, split, scenarios and intents are the same in both languages.
"""

import re
from typing import Any

from mtl_tutorial.arguments import one_of
from mtl_tutorial.corpora.card import Card
from mtl_tutorial.corpora.download import Pin, fetch
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import jsonl_rows
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import tokenize

INTENTS = (
    "alarm_query", "alarm_remove", "alarm_set", "audio_volume_down", "audio_volume_mute",
    "audio_volume_other", "audio_volume_up", "calendar_query", "calendar_remove", "calendar_set",
    "cooking_query", "cooking_recipe", "datetime_convert", "datetime_query", "email_addcontact",
    "email_query", "email_querycontact", "email_sendemail", "general_greet", "general_joke",
    "general_quirky", "iot_cleaning", "iot_coffee", "iot_hue_lightchange", "iot_hue_lightdim",
    "iot_hue_lightoff", "iot_hue_lighton", "iot_hue_lightup", "iot_wemo_off", "iot_wemo_on",
    "lists_createoradd", "lists_query", "lists_remove", "music_dislikeness", "music_likeness",
    "music_query", "music_settings", "news_query", "play_audiobook", "play_game", "play_music",
    "play_podcasts", "play_radio", "qa_currency", "qa_definition", "qa_factoid", "qa_maths",
    "qa_stock", "recommendation_events", "recommendation_locations", "recommendation_movies",
    "social_post", "social_query", "takeaway_order", "takeaway_query", "transport_query",
    "transport_taxi", "transport_ticket", "transport_traffic", "weather_query",
)  # fmt: skip
SLOTS = (
    "alarm_type", "app_name", "artist_name", "audiobook_author", "audiobook_name", "business_name",
    "business_type", "change_amount", "coffee_type", "color_type", "cooking_type", "currency_name",
    "date", "definition_word", "device_type", "drink_type", "email_address", "email_folder",
    "event_name", "food_type", "game_name", "game_type", "general_frequency", "house_place",
    "ingredient", "joke_type", "list_name", "meal_type", "media_type", "movie_name", "movie_type",
    "music_album", "music_descriptor", "music_genre", "news_topic", "order_type", "person",
    "personal_info", "place_name", "player_setting", "playlist_name", "podcast_descriptor",
    "podcast_name", "radio_name", "relation", "song_name", "sport_type", "time", "time_zone",
    "timeofday", "transport_agency", "transport_descriptor", "transport_name", "transport_type",
    "weather_descriptor",
)  # fmt: skip
SCENARIOS = tuple(sorted({intent.partition("_")[0] for intent in INTENTS}))

_ARCHIVE = Pin(
    "massive/amazon-massive-dataset-1.1.tar.gz",
    "https://amazon-massive-nlu-dataset.s3.amazonaws.com/amazon-massive-dataset-1.1.tar.gz",
    40_251_390,
    "4cba5faa11c71437928e17cb1b9b3d8b8e727e7ea363a3a9a8045e19c0491577",
)
CARD = Card(
    name="MASSIVE",
    about="parallel commands to a voice assistant, with scenario, intent and slots",
    languages=("en", "zh"),
    source="amazon-massive-dataset-1.1.tar.gz, as github.com/alexa/massive offers it",
    license="CC BY 4.0 (the English sentences are SLURP's, CC BY 4.0 too)",
    citation="FitzGerald et al. 2023, 2023.acl-long.235; Bastianelli et al. 2020, "
    "2020.emnlp-main.588",
    counts={"train": 11_514, "valid": 2_033, "test": 2_974},
    problems=(
        "Different English requests often become one Chinese sentence: by a count published by "
        "others, 144 validation and 223 test sentences occur in training too.",
        "cooking_query has 4 training and 2 validation sentences, and none for testing.",
        "In Chinese the blanks around a slot's brackets are no part of the sentence.",
    ),
    files={
        "en": Pin(
            "massive/1.1/data/en-US.jsonl",
            "1.1/data/en-US.jsonl",
            3_904_197,
            "c70f75c6a543a26e249ec383df67733ad9b1066f6c0406c2e04a3f03356e407e",
            _ARCHIVE,
        ),
        "zh": Pin(
            "massive/1.1/data/zh-CN.jsonl",
            "1.1/data/zh-CN.jsonl",
            11_818_747,
            "992bf0bef3d678f08c27e514739bc851163e8f40f530bfb4d5970a2c24408ace",
            _ARCHIVE,
        ),
    },
)


def tasks() -> list[Task]:
    """The corpus' tasks."""
    return [
        Task("scenario", "sequence", SCENARIOS),
        Task("intent", "sequence", INTENTS),
        Task.bio("slots", SLOTS),
    ]


def load(language: str = "zh", *, min_count: int = 2) -> MultiTaskData:
    """MASSIVE in one language and its split; downloaded the first time.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``.
    min_count
        Tokens rarer than this in the training part are unknown.

    Raises
    ------
    ValueError
        For an unknown language.
    DownloadError
        If the archive is not in the cache and cannot be downloaded.
    """
    one_of("language", language, CARD.languages)
    (path,) = fetch(CARD.files[language])
    rows: dict[str, list] = {"train": [], "dev": [], "test": []}
    for _, row in jsonl_rows(path):
        rows[row["partition"]].append({**row, **_slots(row["annot_utt"])})
    rows["valid"] = rows.pop("dev")
    return MultiTaskData.from_rows(rows, tasks(), min_count=min_count)


def _slots(annotated: str) -> dict[str, Any]:
    """Tokens and tags of "wake me at [time : five am]"."""
    tokens: list[str] = []
    tags: list[str] = []
    for slot, value, text in re.findall(r"\[(\S+?) : (.*?)\]|([^\[]+)", annotated):
        piece = tokenize(value or text)
        tokens += piece
        tags += [f"{'I' if i else 'B'}-{slot}" if slot else "O" for i in range(len(piece))]
    return {"tokens": tokens, "slots": tags}
