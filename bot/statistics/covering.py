"""Chooses what else to hide, so that hidden cells cannot be worked out from their lines (R7, secondary suppression)."""

from collections.abc import Iterator, Set

from bot.statistics.lines import Place
from bot.statistics.shaping import Draft
from bot.statistics.thresholds import must_reach

type _Cell = tuple[str, str]


def cover(draft: Draft, cell: _Cell, known: Set[Place]) -> bool:
    """Hides the cheapest rectangle around a cell that lets its value move from 1 to 5 or more with all margins kept.

    A rectangle whose corners hold enough is proof by itself: add to two opposite corners what the others lose.
    """
    enough = must_reach(draft.counts[cell], draft.people[cell])
    best = min(_rectangles(draft, cell, known, enough), default=None)
    if best is None or not best[0]:
        return False
    draft.hidden.update(best[-1])
    return True


def widen(draft: Draft, cell: _Cell, known: Set[Place]) -> bool:
    """Hides one more rectangle around a cell, of those with the most to move; False where all are hidden already."""
    options = [corners for new, _, corners in _rectangles(draft, cell, known, 0) if new]
    if not options:
        return False
    draft.hidden.update(max(options, key=lambda corners: min(draft.counts[corner] for corner in corners)))
    return True


def hide_totals(draft: Draft, cell: _Cell) -> bool:
    """Hides the totals of a cell's lines, and of one line more each, where they would tell; False if hidden already."""
    before = len(draft.hidden)
    for which, labels in enumerate((draft.rows, draft.columns)):
        places: list[Place] = [(label, None) if which == 0 else (None, label) for label in labels]
        own: Place = (cell[0], None) if which == 0 else (None, cell[1])
        others = sorted((place for place in places if place != own), key=lambda place: draft.counts[place])
        draft.hidden |= {own, *others[:1]}
    return len(draft.hidden) > before


def pair_up(draft: Draft, known: Set[Place]) -> None:
    """Hides the smallest shown cell of each line that has a single hidden one, until no line has (R7)."""
    changed = True
    while changed:
        changed = False
        for line in _lines(draft):
            shown = [cell for cell in line if cell not in draft.hidden and cell not in known]
            if len(shown) < len(line) and sum(cell in draft.hidden for cell in line) == 1 and shown:
                draft.hidden.add(min(shown, key=lambda cell: (draft.counts[cell] == 0, draft.counts[cell])))
                changed = True


def _lines(draft: Draft) -> Iterator[list[_Cell]]:
    for column in draft.columns:
        yield [(row, column) for row in draft.rows]
    if len(draft.dimensions) > 1:
        for row in draft.rows:
            yield [(row, column) for column in draft.columns]


def _rectangles(
    draft: Draft, cell: _Cell, known: Set[Place], enough: int
) -> Iterator[tuple[int, int, tuple[_Cell, ...]]]:
    """How many more cells, their sum, and the corners of each rectangle that lets the cell reach 1 and `enough`."""
    row, column = cell
    value = draft.counts[cell]
    rise, fall = (max(0, enough - value), max(0, value - 1)) if enough else (0, 0)
    for across in draft.columns:
        beside = (row, across)
        if across == column or draft.counts[beside] < rise:
            continue
        for down in draft.rows:
            corners = (beside, (down, column), (down, across))
            if down == row or any(corner in known for corner in corners):
                continue
            if draft.counts[corners[1]] >= rise and draft.counts[corners[2]] >= fall:
                new = [corner for corner in corners if corner not in draft.hidden]
                yield len(new), sum(draft.counts[corner] for corner in new), corners
