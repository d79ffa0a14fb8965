"""The words of the pages, Chinese in the code, English beside it: `messages compile|check|extract`.

`extract` brings the English catalogue up to date with the code, `check` names what is not yet said in English,
`compile` writes what Django reads. Catalogues are read and written by Babel.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as extract_strings
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1]
ENGLISH = PACKAGE / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OWN_LANGUAGE = 'lang="zh-hans"'
Message = str | tuple[str, ...]


def compile_catalogue(path: Path = ENGLISH) -> Path:
    """Write the machine form beside the catalogue; messages without a translation are left in Chinese."""
    target = path.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, _read(path))
    return target


def extract_catalogue(path: Path = ENGLISH) -> Catalog:
    """Bring the catalogue up to date: what is new stands empty, what is no longer said goes, the rest stays."""
    old = _read(path)
    new = Catalog(locale="en")
    for message in sorted({message for _place, message in said()}, key=str):
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known else None)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, sort_output=True, omit_header=True, width=120)
    return new


def problems(path: Path = ENGLISH) -> list[str]:
    """What keeps the pages from being read in English, a line each, beginning with the place."""
    catalogue = _read(path)
    found = [f"{place}: no English for {message!r}" for place, message in said() if not _translated(catalogue, message)]
    for message, errors in catalogue.check():
        found += [f"{path.name}: {message.id!r}: {error}" for error in errors]
    return [*found, *bare_chinese()]


def said() -> Iterator[tuple[str, Message]]:
    """Every message marked for translation, with the place in which it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            for line, message, _comments, _context in extract_strings("python", file, keywords=KEYWORDS):
                yield f"{path.relative_to(PACKAGE)}:{line}", message
    for path in _templates():
        for line, message in _template_messages(path):
            yield f"{path.relative_to(PACKAGE)}:{line}", message


def bare_chinese() -> list[str]:
    """Chinese in a template outside its translation tags, where the line does not say that it is Chinese on purpose."""
    return [
        f"{path.relative_to(PACKAGE)}:{number}: Chinese outside a translation tag: {text.strip()!r}"
        for path in _templates()
        for number, text in _texts(path)
        if CHINESE.search(text) and OWN_LANGUAGE not in path.read_text(encoding="utf-8").splitlines()[number - 1]
    ]


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Lines of a template that no translation tag speaks for."""
    from django.template.base import Lexer, TokenType

    inside = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        words = token.contents.split() or [""]
        tag = words[0] if token.token_type == TokenType.BLOCK else ""
        if tag in {"blocktranslate", "endblocktranslate"}:
            inside = tag == "blocktranslate"
        elif not inside and tag != "translate" and token.token_type != TokenType.COMMENT and "_(" not in token.contents:
            yield from enumerate(token.contents.splitlines(), token.lineno or 1)


def _template_messages(path: Path) -> Iterator[tuple[int, Message]]:
    from django.template import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    nodes: Any = Template(path.read_text(encoding="utf-8")).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        literal = node.filter_expression.var.literal
        if isinstance(literal, str):
            yield node.token.lineno, literal
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        singular = node.render_token_list(node.singular)[0]
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield node.token.lineno, (singular, plural) if plural else singular


def _templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("templates/**/*.html") if "{%" in path.read_text(encoding="utf-8"))


def _translated(catalogue: Catalog, message: Message) -> bool:
    found = catalogue.get(message if isinstance(message, str) else message[0])
    given: Any = found.string if found else ""
    return all(given) if isinstance(given, tuple) else bool(given)


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
    import django

    django.setup()


def main(arguments: list[str]) -> int:
    """Run one of the three; 1 when `check` finds something, 2 for any other word."""
    match arguments:
        case ["compile"]:
            compile_catalogue()
        case ["extract"]:
            _set_up()
            extract_catalogue()
        case ["check"]:
            _set_up()
            found = problems()
            sys.stdout.writelines(f"{line}\n" for line in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("python -m catchment.site.messages compile|check|extract\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
