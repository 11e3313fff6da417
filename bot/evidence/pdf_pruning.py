"""Goes through a PDF from its pages and takes away every key that is not among the shapes that are kept."""

import re

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from bot.evidence.pdf_shapes import BY_SUBTYPE, KEPT, NAMED, STREAM_KEYS, STREAMS, Shape

type Value = Object | int | bool | float | None
"""As pikepdf hands them out."""
_DEEPEST_LIST = 8
_WEB = re.compile(r"(?i)(?:https?://|mailto:|tel:)")
"""Links elsewhere name folders of the maker's computer."""
_DEVICE_COLOURS = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_LAYER_TYPES = {Name.OCG, Name.OCMD}


class Pruning:
    """One walk through one document. What it changes, it changes in place; a shape is met once, so loops end."""

    def __init__(self) -> None:
        self.streams: list[tuple[Stream, Shape]] = []
        """Every stream that is kept, and as what."""
        self._met: set[tuple[int, int, Shape]] = set()
        self._waiting: list[tuple[Object, Shape]] = []

    def prune(self, part: Object, shape: Shape) -> None:
        """Prunes `part` and all that can be reached from it."""
        self._fitted(part, shape)
        while self._waiting:
            self._keep_known(*self._waiting.pop())

    def _keep_known(self, holder: Object, shape: Shape) -> None:
        if shape is Shape.LOOK:
            self._keep_all(holder, Shape.LOOK)
            return
        known, named = KEPT[shape], NAMED.get(shape, {})
        if isinstance(holder, Stream):
            known = known | STREAM_KEYS
        for key in list(holder.keys()):
            if key in named and isinstance(holder[key], Dictionary):
                self._keep_all(holder[key], named[key])
            elif key not in known:
                del holder[key]
            else:
                self._keep_fitting(holder, key, known[key])

    def _keep_all(self, names: Object, shape: Shape) -> None:
        for name in list(names.keys()):
            self._keep_fitting(names, name, shape)

    def _keep_fitting(self, holder: Object, key: str, shape: Shape) -> None:
        value = holder[key]
        fitted = self._fitted(value, shape)
        if fitted is None:
            del holder[key]
        elif fitted is not value:
            holder[key] = fitted

    def _fitted(self, value: Value, shape: Shape) -> Value:
        """`value`, or what stands for it, or None if nothing may."""
        if shape in {Shape.PLAIN, Shape.WORDS}:
            return value if _is_plain(value, with_words=shape is Shape.WORDS) else None
        if shape is Shape.COLOUR:
            return self._colour(value)
        if isinstance(value, Array):
            return self._list(value, shape)
        if not isinstance(value, Dictionary | Stream):
            return value if _is_plain(value) else None
        found = _seen_closer(value, shape)
        if found is None or (isinstance(value, Stream) and found not in STREAMS):
            return Dictionary() if shape is Shape.PROPERTY else None
        if self._is_new(value, found):
            self._waiting.append((value, found))
            if isinstance(value, Stream):
                self.streams.append((value, found))
        return value

    def _is_new(self, value: Object, shape: Shape) -> bool:
        """Only what has a number of its own can be met twice."""
        met = (*value.objgen, shape)
        if value.is_indirect and met in self._met:
            return False
        self._met.add(met)
        return True

    def _list(self, items: Object, shape: Shape) -> Object:
        if self._is_new(items, shape):
            for place in reversed(range(len(items))):
                value = items[place]
                fitted = self._fitted(value, shape)
                if fitted is None and value is not None:
                    del items[place]
                elif fitted is not value:
                    items[place] = fitted
        return items

    def _colour(self, value: Value) -> Value:
        """A colour profile names the device and the day it was measured: its colours become those of any screen."""
        if not isinstance(value, Array):
            return value if isinstance(value, Name) else None
        match str(value[0]) if len(value) else "":
            case "/ICCBased":
                return _DEVICE_COLOURS.get(int(value[1].get(Name.N, 0)))
            case "/CalGray" | "/CalRGB" | "/Lab":
                return self._list(value, Shape.CALIBRATION)
            case "/Indexed" | "/Pattern":
                return self._over_base(value)
            case "/Separation" | "/DeviceN":
                return self._inks(value)
            case _:
                return value if _is_plain(value) else None

    def _over_base(self, value: Object) -> Value:
        """A palette, or a pattern in one ink, over other colours."""
        if len(value) > 1:
            base = self._colour(value[1])
            if base is None:
                return None
            value[1] = base
        for place in range(2, len(value)):
            if not isinstance(value[place], String) and self._fitted(value[place], Shape.DATA) is None:
                return None
        return value

    def _inks(self, value: Object) -> Value:
        """Names, the colours that stand for them, and how to reckon these; what follows describes a printer's inks."""
        if len(value) < 4:  # noqa: PLR2004 - with the word for it
            return None
        base, tint = self._colour(value[2]), self._fitted(value[3], Shape.FUNCTION)
        if base is None or tint is None or not _is_plain(value[1]):
            return None
        return Array([value[0], value[1], base, tint])


def _is_plain(value: Value, depth: int = 0, *, with_words: bool = False) -> bool:
    if isinstance(value, Dictionary | Stream) or depth > _DEEPEST_LIST:
        return False
    if isinstance(value, Array):
        return all(_is_plain(item, depth + 1, with_words=with_words) for item in value)
    return with_words or not isinstance(value, String)


def _seen_closer(value: Object, shape: Shape) -> Shape | None:
    """What a part is that can be several; None if it is not to be kept."""
    if shape in BY_SUBTYPE:
        return BY_SUBTYPE[shape].get(str(value.get(Name.Subtype)))
    match shape:
        case Shape.LOOK if isinstance(value, Stream):
            return Shape.DRAWING
        case Shape.ADDRESS:
            return shape if _is_on_the_web(value) else None
        case Shape.PROPERTY:
            return shape if value.get(Name.Type) in _LAYER_TYPES else None
    return shape


def _is_on_the_web(action: Object) -> bool:
    return action.get(Name.S) == Name.URI and bool(_WEB.match(str(action.get(Name.URI, ""))))
