"""Which languages the tables are in: known from names, by the user, or by their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from esco_kg.errors import InputError
from esco_kg.esco.defects import Tally
from esco_kg.esco.tables import RELATIONS, TEXTS, TableFile, read_rows
from esco_kg.matching.language import language_of
from esco_kg.matching.words import words as words_of
from esco_kg.model.pillar import Language

_READ = 200  # rows of a table whose language is told by its texts
_ENGLISH_OF_1_0 = "en-us"


def chosen_languages(
    name: str, found: Sequence[TableFile], given: Sequence[str] | None
) -> tuple[tuple[Language, ...], list[TableFile], list[str]]:
    """The languages to read, English first, the files of them, and how a language was recognised where no name says so.

    Raises InputError for a table whose language nothing tells, and for a language that is not there.
    """
    wanted = sorted({language.strip().lower() for language in given}) if given else None
    said: list[str] = []
    if wanted and len(wanted) == 1:
        found = [_with_language(file, wanted[0]) for file in found]
    found = [_told(file, found, said) for file in found]
    found = _english(found, wanted, said)
    there = sorted({file.language for file in found if file.table in TEXTS})
    absent = [language for language in wanted or [] if language not in there]
    if absent:
        hint = f"There is: {', '.join(there) or 'none'}."
        raise InputError(name, f"has no texts in language {absent[0]}", hint)
    chosen = sorted(wanted or there, key=lambda language: (language != "en", language))
    kept = [file for file in found if file.table in RELATIONS or file.language in ("", *chosen)]
    return tuple(chosen), kept, said


def _with_language(file: TableFile, language: str) -> TableFile:
    return file if file.language or file.table in RELATIONS else replace(file, language=language)


def _told(file: TableFile, found: Sequence[TableFile], said: list[str]) -> TableFile:
    """The file with its language, by its texts where its name tells none."""
    if file.table not in TEXTS or file.language:
        return file
    language = _by_texts(file)
    others = {other.language for other in found if other.table in TEXTS and other.language}
    if not language and len(others) == 1:
        said.append(f"Language of {file.place}: {(language := others.pop())}, as of the tables beside it.")
    elif language:
        said.append(f"Language of {file.place}: {language}, by the words of its texts.")
    else:
        hint = "Rename it as ESCO does, such as skills_en.csv, or say the language with --languages en."
        raise InputError(file.place, "neither its name nor its texts tell the language", hint)
    return replace(file, language=language)


def _by_texts(file: TableFile) -> str:
    """The language that most of the first texts are in; '' where there are too few to tell."""
    votes: Counter[str] = Counter()
    try:
        rows = read_rows(replace(file, version="1.0.0"), ("description", "preferredLabel"), Tally(repair=True))
        for _, texts in islice(rows, _READ):
            votes[language_of(words_of(" ".join(texts)), "")] += 1
    except InputError:
        return ""  # what is wrong with it is told when it is read
    del votes[""]
    return max(votes, key=lambda language: (votes[language], language), default="")


def _english(found: list[TableFile], wanted: Sequence[str] | None, said: list[str]) -> list[TableFile]:
    """ESCO 1.0 has its English as ``en-us``: it is read as ``en`` where there is no other and nobody asks for it."""
    languages = {file.language for file in found}
    if _ENGLISH_OF_1_0 not in languages or (wanted and _ENGLISH_OF_1_0 in wanted):
        return found
    if "en" in {file.language for file in found if file.table in TEXTS}:
        return [file for file in found if file.language != _ENGLISH_OF_1_0]
    said.append("The tables in en-us are read as en: there is no other English.")
    return [replace(file, language="en") if file.language == _ENGLISH_OF_1_0 else file for file in found]
