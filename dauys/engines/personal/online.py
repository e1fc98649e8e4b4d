"""E-mail addresses, @handles and links to somebody's own page."""

import re
from collections.abc import Iterator

from dauys.engines.personal.spans import Span

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}[ ]?@[ ]?(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_EMAIL_LOOSE = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64} ?@ ?[\w-]{1,63} ?[.,] ?(?:kz|ru|com|net|org|рф|қаз|ua|by|uz|kg)(?!\w)", re.I
)
_EMAIL_SAID = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s?(?:[(\[{]\s?(?:at|а|эт|собака|ит)\s?[)\]}]|\s(?:собака|собачка|ит"
    r" белгісі)\s)\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[(\[{]\s?(?:dot|точка|нүкте)\s?[)\]}]|\s(?:точка|нүкте|dot)\s)\s?[\w-]{1,63}){1,5}",
    re.IGNORECASE,
)
_SAID_HINT = re.compile(r"собака|собачка|ит белгісі|[(\[{]\s?(?:at|а|эт|ит)\s?[)\]}]", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.@/+-])@[A-Za-z][\w.]{2,31}(?<!\.)(?!\w)")
_NAMED_HANDLE = re.compile(
    r"(?:инста(?:грам\w{0,2})?|телег(?:а|рам\w{0,2})|вк|вконтакте|тикток|скайп|ник|аккаунт\w{0,2}|фейсбук\w{0,2}"
    r"|instagram|insta|telegram|tg|tiktok|skype|facebook|vk)\s{0,2}(?::|-|–|="
    r"|@)\s{0,2}(@?[A-Za-z][A-Za-z0-9_.]{3,31})(?<!\.)(?![\w@/])",
    re.IGNORECASE,
)
_HOSTS = (
    r"vk\.(?:com|ru)|vkontakte\.ru|t\.me|telegram\.me|instagram\.com|instagr\.am|facebook\.com|fb\.com|fb\.me"
    r"|m\.facebook\.com"
    r"|ok\.ru|odnoklassniki\.ru|my\.mail\.ru|tiktok\.com|twitter\.com|x\.com|wa\.me|linkedin\.com|youtube\.com"
    r"|threads\.net|viber\.click"
)
_PAGE = re.compile(rf"(?<![\w@])(?:https?://)?(?:www\.|m\.)?(?:{_HOSTS})/[^\s<>\"'()«»]{{2,300}}", re.IGNORECASE)
# Pages of a public body's posts are no person's page.
_NOT_A_PAGE = re.compile(
    r"/(?:wall-|video-|photo-|watch\?|reel/|p/|hashtag/|s/|search|groups?/|club\d|public\d|feed)", re.IGNORECASE
)


def online(text: str) -> Iterator[Span]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Span(*match.span(), "email", 0.99, "form")
        for match in _EMAIL_LOOSE.finditer(text):
            yield Span(*match.span(), "email", 0.9, "form")
        for match in _HANDLE.finditer(text):
            yield Span(*match.span(), "handle", 0.9, "form")
    if _SAID_HINT.search(text):
        for match in _EMAIL_SAID.finditer(text):
            yield Span(*match.span(), "email", 0.9, "words")
    if "/" in text:
        for match in _PAGE.finditer(text):
            if not _NOT_A_PAGE.search(match.group()):
                end = match.start() + len(match.group().rstrip(".,;:!?"))
                yield Span(match.start(), end, "page", 0.95, "form")
    for match in _NAMED_HANDLE.finditer(text):
        yield Span(*match.span(1), "handle", 0.85, "cue")
