"""News of documents and what they offer (政策动态): what began, changed, is about to come, or ended.

Pure: a document with its texts, its validity and its measures comes in as a value. A day lies in the
span asked about when it is after ``since`` and not after ``on``; what is foreseen is told from some
days ahead on. Each piece of news has a day of its own, which does not depend on when one asks, so
that it can be told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.model.measure import Measure, Window
from policylib.model.subscription import NewsKind, Season, yearly
from policylib.model.vocabulary import ENDED, Validity
from policylib.workflow.outlook import News, Outlook, Text, Work
from policylib.workflow.validity import Step, at

__all__ = ["news"]

_DAY = timedelta(days=1)
_IN_FORCE = frozenset({Validity.IN_FORCE, Validity.PARTLY})
_FOREVER = date.max


def news(work: Work, look: Outlook) -> Iterator[News]:
    """All news of a document and its measures."""
    yield from _of_document(work, look)
    yield from _of_measures(work, look)


# -- of a document ------------------------------------------------------------------------------


def _of_document(work: Work, look: Outlook) -> Iterator[News]:
    words = work.words

    def told(kind: NewsKind, day: date, said: str, *, edition: int = 0, season: str = "") -> News:
        return News(kind, work.document, day, said, look.on, edition=edition, words=words,
                    season=season)  # fmt: skip

    first = work.texts[0] if work.texts else Text(1, None)
    if look.is_fresh(work.released_on, first.entered) and work.released_on and _lasts(work, look):
        yield told(NewsKind.NEW, work.released_on, _new(work, look.on), edition=first.number)
    for text in work.texts[1:]:
        if text.first and look.is_fresh(text.first, text.entered) and _lasts(work, look):
            said = f"自{_in_words(text.first)}起按修改后的文本执行"
            yield told(NewsKind.CHANGED, text.first, said, edition=text.number)
    yield from _turns(work, look, told)
    for season, (begins, _) in _seasons(work, look):
        yield told(NewsKind.SEASON, begins, f"正值{season.name}", season=season.name)
    if work.window is not None and not _over(work, look.on):
        yield from (
            told(kind, day, said.replace("申报", "征求意见"))
            for kind, day, said in _windows(work.window, look)
        )


def _turns(work: Work, look: Outlook, told: Callable[..., News]) -> Iterator[News]:
    """Ends, suspensions and resumptions of the document as a whole."""
    for before, step in zip(work.steps, work.steps[1:], strict=False):
        if step.start is None:
            continue
        if before.validity in _IN_FORCE and step.validity in ENDED:
            yield from (told(*each) for each in _ending(step, look))
        elif before.validity in _IN_FORCE and step.validity is Validity.SUSPENDED:
            if look.has(step.start):
                yield told(NewsKind.CHANGED, step.start, _paused(step.start))
        elif (
            before.validity is Validity.SUSPENDED
            and step.validity in _IN_FORCE
            and look.has(step.start)
        ):
            yield told(NewsKind.CHANGED, step.start, _resumed(step.start))


def _ending(step: Step, look: Outlook) -> Iterator[tuple[NewsKind, date, str]]:
    """The end of a document: that it is near, or that it has come."""
    day = step.start
    if day is None or day == date.min:
        return
    what = _ENDS.get(step.validity, "失效")
    if look.has(day):
        yield NewsKind.ENDED, day, f"已于{_in_words(day)}{what}"
    elif day > look.on and look.foresees(day - _DAY, look.ahead.lapses):
        yield NewsKind.LAPSES, day, f"将于{_in_words(day)}{what}，{_left(day - _DAY, look.on)}"


_ENDS = {Validity.LAPSED: "失效", Validity.REPEALED: "废止", Validity.REVOKED: "被撤销"}


def _seasons(work: Work, look: Outlook) -> Iterator[tuple[Season, tuple[date, date]]]:
    """The seasons a document is tagged with that it is now; not for what is not in force."""
    if at(work.steps, look.on).validity not in _IN_FORCE:
        return
    for season in look.seasons:
        if work.words.isdisjoint((season.name, *season.words)):
            continue
        span = season.span(look.on)
        if span is not None:
            yield season, span


# -- of measures --------------------------------------------------------------------------------


def _of_measures(work: Work, look: Outlook) -> Iterator[News]:
    for place, text in enumerate(work.texts):
        last = _last(work.texts, place)
        before = {each.id: each for each in work.texts[place - 1].measures} if place else {}
        for measure in text.measures:
            lives = tuple(_lives(work, text, measure, last))
            yield from _beginnings(work, look, place, measure, lives)
            for life in lives:
                yield from _in_life(work, look, measure, life)
                yield from _in_season(work, look, measure, life)
        yield from _dropped(work, look, text, before)


@dataclass(frozen=True, slots=True)
class _Life:
    """Days on which a measure may be had (执行期).

    ``ends`` says why there are no more after them; ``pauses`` and ``resumes`` that a suspension
    follows or went before.
    """

    first: date
    last: date
    ends: str | None = None
    pauses: bool = False
    resumes: bool = False


def _lives(work: Work, text: Text, measure: Measure, last: date) -> Iterator[_Life]:
    """The days on which a measure of a text may be had, as unbroken spans."""
    own = measure.provision.steps if measure.provision else ()
    cut = min(
        (day for place, day in work.cut if own[: len(place.steps)] == place.steps),
        default=_FOREVER,
    )
    stops: list[tuple[date, str | None]] = [
        (last, None),
        (cut, "所依据的条款废止" if cut < _FOREVER else None),
        (measure.valid_to or _FOREVER, "执行期届满" if measure.valid_to else None),
    ]
    begins = max(text.first or date.min, measure.valid_from or date.min)
    for start, end, step in _spans(work.steps):
        ended = f"文件{_ENDS[step.validity]}" if step and step.validity in ENDED else None
        until, said = min(((end, ended), *stops), key=lambda stop: stop[0])
        first = max(begins, start)
        if first <= until:
            pauses = until == end and step is not None and step.validity is Validity.SUSPENDED
            resumes = first == start and _before(work.steps, start) is Validity.SUSPENDED
            yield _Life(first, until, said, pauses, resumes)


def _before(steps: Sequence[Step], day: date) -> Validity | None:
    """What a document was on the day before."""
    return at(steps, day - _DAY).validity if day > date.min else None


def _beginnings(
    work: Work,
    look: Outlook,
    place: int,
    measure: Measure,
    lives: Sequence[_Life],
) -> Iterator[News]:
    """A measure that is new, or that an amendment has changed."""
    text = work.texts[place]
    day = text.first if place else work.released_on
    if day is None or not look.is_fresh(day, text.entered):
        return
    judged = next((max(life.first, look.on) for life in lives if life.last >= look.on), None)
    if judged is None:
        return
    former = work.texts[place - 1].measures if place else ()
    before = next((each for each in former if each.id == measure.id), None)
    if before is None:
        said = f"自{_in_words(day)}起新增" if place else _new(work, look.on)
        kind, was = NewsKind.NEW, None
    elif changes := _changes(before, measure):
        said = f"自{_in_words(day)}起调整了{'、'.join(changes)}"
        kind, was = NewsKind.CHANGED, (before, day - _DAY)
    else:
        return
    yield News(kind, work.document, day, said, judged, measure, text.number, was, work.words)


def _in_life(work: Work, look: Outlook, measure: Measure, life: _Life) -> Iterator[News]:
    """Windows that open and close while a measure may be had, its pauses, its end."""

    def told(kind: NewsKind, day: date, said: str, judged: date) -> News:
        return News(kind, work.document, day, said, judged, measure, words=work.words)

    if life.resumes and look.has(life.first):
        yield told(NewsKind.CHANGED, life.first, _resumed(life.first), look.on)
    if life.last < _FOREVER:
        day = life.last + _DAY
        if life.pauses and look.has(day):
            yield told(NewsKind.CHANGED, day, _paused(day), life.last)
        elif life.ends and look.has(day):
            said = f"自{_in_words(day)}起不再执行（{life.ends}）"
            yield told(NewsKind.ENDED, day, said, life.last)
        elif (
            life.ends
            and life.first <= look.on <= life.last
            and look.foresees(life.last, look.ahead.lapses)
        ):
            said = f"执行至{_in_words(life.last)}（{life.ends}），{_left(life.last, look.on)}"
            yield told(NewsKind.LAPSES, day, said, look.on)
    if measure.window is not None:
        for kind, day, said in _windows(measure.window, look):
            if life.first <= day <= life.last and look.on <= life.last:
                ahead = day if kind is NewsKind.OPENS else life.first
                yield told(kind, day, said, max(ahead, look.on))


def _in_season(work: Work, look: Outlook, measure: Measure, life: _Life) -> Iterator[News]:
    """What a season reminds of, and what a profile may have come to fit."""
    if not life.first <= look.on <= life.last:
        return
    for season, (begins, _) in _seasons(work, look):
        yield News(
            NewsKind.SEASON, work.document, begins, f"正值{season.name}", look.on, measure,
            words=work.words, season=season.name,
        )  # fmt: skip
    closed = measure.window is not None and (measure.window.closes_on or _FOREVER) < look.on
    if life.first <= look.since and not closed:
        yield News(
            NewsKind.FITS, work.document, look.on, "随时间推移，所填情况新近相符", look.on,
            measure, 0, (measure, look.since), work.words,
        )  # fmt: skip


def _dropped(
    work: Work, look: Outlook, text: Text, before: Mapping[str, Measure]
) -> Iterator[News]:
    """What an amendment has taken out."""
    if text.first is None or not look.is_fresh(text.first, text.entered):
        return
    kept = {each.id for each in text.measures}
    day = text.first
    for id, measure in before.items():
        if id not in kept and _lasts(work, look):
            said = f"自{_in_words(day)}起，修改后的文本不再规定此事项"
            yield News(
                NewsKind.ENDED, work.document, day, said, day - _DAY, measure, words=work.words
            )


# -- windows ------------------------------------------------------------------------------------


def _windows(window: Window, look: Outlook) -> Iterator[tuple[NewsKind, date, str]]:
    """Openings that have come or are near, as long as it is open, and closings that are near."""
    for first, last in _openings(window, look.on):
        open_now = first is not None and first <= look.on and (last is None or look.on <= last)
        if first is not None and open_now and look.since < first:
            yield NewsKind.OPENS, first, f"已于{_in_words(first)}开始申报{_until(last)}"
        elif first is not None and first > look.on and look.foresees(first, look.ahead.opens):
            yield NewsKind.OPENS, first, f"将于{_in_words(first)}开始申报{_until(last)}"
        begun = first is None or first <= look.on
        if begun and last is not None and look.foresees(last, look.ahead.closes):
            yield NewsKind.CLOSES, last, f"{_in_words(last)}截止申报，{_left(last, look.on)}"


def _openings(window: Window, on: date) -> Iterator[tuple[date | None, date | None]]:
    """The spans of a window that lie near a day; of yearly ones this year's and its neighbours."""
    if not (window.yearly_from and window.yearly_to):
        if window.opens_on or window.closes_on:
            yield window.opens_on, window.closes_on
        return
    for year in (on.year - 1, on.year, on.year + 1):
        span = yearly(window.yearly_from, window.yearly_to, year)
        if span is not None:
            first = max(span[0], window.opens_on or span[0])
            last = min(span[1], window.closes_on or span[1])
            if first <= last:
                yield first, last


# -- days ---------------------------------------------------------------------------------------


def _spans(steps: Sequence[Step]) -> Iterator[tuple[date, date, Step | None]]:
    """The days on which a document is in force, and the step that ends each span."""
    start: date | None = None
    for step in steps:
        if step.validity in _IN_FORCE:
            start = start or step.start or date.min
        elif start is not None and step.start is not None and step.start > start:
            yield start, step.start - _DAY, step
            start = None
    if start is not None:
        yield start, _FOREVER, None


def _last(texts: Sequence[Text], place: int) -> date:
    """The last day of a text."""
    following = texts[place + 1].first if place + 1 < len(texts) else None
    return following - _DAY if following and following > date.min else _FOREVER


def _lasts(work: Work, look: Outlook) -> bool:
    """Whether a document is in force on the day or will be."""
    return not _over(work, look.on)


def _over(work: Work, on: date) -> bool:
    return at(work.steps, on).validity in ENDED


def _new(work: Work, on: date) -> str:
    first = next((start for start, _, _ in _spans(work.steps)), None)
    said = f"于{_in_words(work.released_on)}公布" if work.released_on else "公布"
    if first is not None and on < first < _FOREVER:
        said += f"，自{_in_words(first)}起施行"
    return said


def _changes(before: Measure, after: Measure) -> tuple[str, ...]:
    """What of a measure has changed, as far as it matters to those it is for."""
    return tuple(
        dict.fromkeys(
            said for name, said in _PARTS if getattr(before, name) != getattr(after, name)
        )
    )


_PARTS: Sequence[tuple[str, str]] = (
    ("condition", "申报条件"),
    ("subject", "申报条件"),
    ("amount", "标准"),
    ("window", "申报时间"),
    ("valid_from", "执行期"),
    ("valid_to", "执行期"),
    ("delivery", "兑现方式"),
    ("settled_within", "兑现时限"),
    ("materials", "申报材料"),
    ("office", "受理机关"),
    ("phone", "咨询电话"),
    ("stacking", "叠加规则"),
)


def _paused(day: date) -> str:
    return f"自{_in_words(day)}起暂停施行"


def _resumed(day: date) -> str:
    return f"自{_in_words(day)}起恢复施行"


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _left(last: date, on: date) -> str:
    days = (last - on).days
    return f"还有{days}日" if days else "今日为最后一日"


def _until(last: date | None) -> str:
    return f"，至{_in_words(last)}截止" if last else ""
