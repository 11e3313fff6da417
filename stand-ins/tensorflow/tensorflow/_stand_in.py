"""How the empty names are made, and how their use is refused."""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable


class TensorFlowIsLeftOut(ImportError):  # noqa: N818 - the name is the sentence people read
    """A component of config.yml needs TensorFlow, which this environment leaves out on purpose."""

    def __init__(self, component: str) -> None:
        super().__init__(
            f"{component} needs TensorFlow, which this environment leaves out on purpose. "
            "Take it out of config.yml; docs/engine.md lists the components that work without it."
        )


class _Empty(type):
    """The class of every stand-in name: it can be subclassed and looked into, not used."""

    def __getattr__(cls, name: str) -> "_Empty":
        if name.startswith("__"):
            raise AttributeError(name)
        return empty(name)

    def __call__(cls, *args: object, **kwargs: object) -> object:
        if _while_importing():
            # Decorators such as `@tf.function(...)` run when Rasa's modules are read.
            return args[0] if len(args) == 1 and not kwargs and callable(args[0]) else _unchanged
        raise TensorFlowIsLeftOut(_component_that_asks())


def _unchanged(decorated: object) -> object:
    return decorated


def empty(name: str) -> _Empty:
    return _Empty(name, (), {})


def attribute_of(module: str) -> Callable[[str], _Empty]:
    """A module-level `__getattr__` that answers every name with an empty class."""

    def __getattr__(name: str) -> _Empty:  # noqa: N807 - Python's own name for it
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return empty(name)

    return __getattr__


def _frames() -> list[types.FrameType]:
    frames, frame = [], sys._getframe(2)
    while frame:
        frames.append(frame)
        frame = frame.f_back
    return frames


def _while_importing() -> bool:
    return any(
        frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__", "").startswith("rasa")
        for frame in _frames()
    )


def _component_that_asks() -> str:
    """The outermost Rasa component on the call stack; it is the one that config.yml names."""
    for frame in reversed(_frames()):
        owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
        kind = owner if isinstance(owner, type) else type(owner)
        if _is_component(kind):
            return kind.__name__
    return "Something in this program"


def _is_component(kind: type) -> bool:
    return any(base.__name__ == "GraphComponent" for base in kind.__mro__)


NEEDS_TENSORFLOW = frozenset(
    {
        "DIETClassifier",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "LanguageModelFeaturizer",
        "ConveRTFeaturizer",
    }
)


def refuse_in(validation: types.ModuleType) -> None:
    """Refuse the six already when the graph is validated: without data they would train silently.

    `rasa/engine/validation.py:233` asks each component for the packages it requires; the six
    do not declare TensorFlow there.
    """
    stock = validation._validate_required_packages

    def validate(node: object) -> None:
        for kind in node.uses.__mro__:  # type: ignore[attr-defined]
            if kind.__name__ in NEEDS_TENSORFLOW:
                raise TensorFlowIsLeftOut(kind.__name__)
        stock(node)

    validation._validate_required_packages = validate  # type: ignore[attr-defined]


class _AfterImport(importlib.abc.MetaPathFinder):
    """Hands `rasa.engine.validation` to `refuse_in` as soon as it has been read."""

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != "rasa.engine.validation":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)  # type: ignore[arg-type]
        if spec and spec.loader:
            spec.loader = _ReadThenRefuse(spec.loader)
        return spec


class _ReadThenRefuse(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader) -> None:
        self.loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        self.loader.exec_module(module)
        refuse_in(module)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds any submodule, however deep, of the packages that are stood in for."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        self.packages = packages

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, _, inner = fullname.partition(".")
        if package in self.packages and inner and inner != "_stand_in":
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__getattr__ = attribute_of(spec.name)  # type: ignore[method-assign]
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the module is its `__getattr__`."""


def stand_in_for(*packages: str) -> None:
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path[:0] = [_Finder(packages), _AfterImport()]
