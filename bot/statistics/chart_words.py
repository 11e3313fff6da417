"""What a picture shows, in sentences for those who hear it instead."""

from collections.abc import Sequence

from bot.statistics.reading import About, Quarter, Reading, Trend, Wording

LARGEST = 3


def said_of_bars(reading: Reading, about: About, wording: Wording) -> str:
    """The total, the three largest lines, and how much is hidden or merged."""
    known = sorted(((line.total, line.label) for line in reading.lines if line.total), key=lambda it: -it[0])
    return _told(reading, about, wording, [f"{name} {wording.number(value)}" for value, name in known])


def said_of_grid(reading: Reading, about: About, wording: Wording) -> str:
    """The same, of the three largest cells."""
    known = [
        (cell, wording.word("chart.cell", row=line.label, column=column.label))
        for line in reading.lines
        for column, cell in zip(reading.columns, line.cells, strict=True)
        if cell
    ]
    known.sort(key=lambda it: -it[0])
    return _told(reading, about, wording, [f"{name} {wording.number(value)}" for value, name in known])


def _told(reading: Reading, about: About, wording: Wording, largest: Sequence[str]) -> str:
    sentences = [wording.word("chart.simulated")] if about.is_simulated else []
    if reading.total is not None:
        sentences.append(wording.word("chart.total", total=wording.number(reading.total), unit=about.unit))
    sentences.append(
        wording.word("chart.largest", lines=", ".join(largest[:LARGEST])) if largest else wording.word("chart.none")
    )
    if reading.hidden:
        sentences.append(wording.word("chart.hidden_count", count=wording.number(reading.hidden)))
    if reading.merged:
        sentences.append(wording.word("chart.merged_count", count=wording.number(reading.merged)))
    return _text([*sentences, *about.foot[1:]])


def said_of_quarters(series: Sequence[Quarter], about: About, wording: Wording) -> str:
    """The first and the last quarter, the highest and the lowest."""
    sentences = [wording.word("chart.simulated")] if about.is_simulated else []
    known = [(it.value, wording.quarter(it.period)) for it in series if it.is_there and it.value is not None]
    if not known:
        sentences.append(wording.word("chart.none"))
    else:
        (first, begun), (last, ended) = known[0], known[-1]
        sentences.append(wording.word("chart.at", quarter=ended, value=wording.number(last), unit=about.unit))
        if len(known) > 1:
            sentences.append(wording.word("chart.before", quarter=begun, value=wording.number(first)))
            highest, when = max(known, key=lambda it: it[0])
            sentences.append(wording.word("chart.highest", quarter=when, value=wording.number(highest)))
    if hidden := sum(it.is_there and it.value is None for it in series):
        sentences.append(wording.word("chart.hidden_count", count=wording.number(hidden)))
    return _text([*sentences, *about.foot[1:]])


def said_of_trends(series: Sequence[Trend], about: About, wording: Wording) -> str:
    """Of each of the first lines its first and last figure."""
    sentences = [wording.word("chart.simulated")] if about.is_simulated else []
    for line in series[:LARGEST]:
        known = [(it.period, it.value) for it in line.quarters if it.value is not None]
        if known:
            begun, ended = (wording.quarter(it[0]) for it in (known[0], known[-1]))
            first, last = (wording.number(it[1]) for it in (known[0], known[-1]))
            sentences.append(
                wording.word("chart.from_to", line=line.label, first=first, begun=begun, last=last, ended=ended)
            )
    return _text([*(sentences or [wording.word("chart.none")]), *about.foot[1:]])


def _text(sentences: Sequence[str]) -> str:
    return " ".join(it if it.endswith(".") else f"{it}." for it in sentences)
