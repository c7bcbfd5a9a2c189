"""From a factory's signature to a form, and from what a form, a file or a command line says to a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrviz.core import catalog
from lrviz.core.errors import ParameterError
from lrviz.core.signature import Length, Parameter, Range, Shown, Value, parameters_of

if TYPE_CHECKING:  # names that only a type checker resolves: a form asks for its own parameters' alone
    from collections.abc import Iterable

    from torch import Tensor


def factory(
    params: Iterable[Tensor],
    plain: float = 1,
    beta: Annotated[float, Range(0, 0.999), Shown("β", "how much stays")] = 0.9,
    rate: Annotated[float, Range(1e-6, 1, log=True), Shown(more=True)] = 0.1,
    count: Annotated[int, Range(1, 8)] = 3,
    flag: bool = False,
    mode: Literal["slow", "fast"] = "slow",
    widths: Annotated[tuple[int, ...], Range(1, 100), Length(1, 3)] = (64, 32),
    text: str = "",
) -> None:
    """Not called."""


PARAMETERS = {p.name: p for p in parameters_of(cast(Any, factory), ("params",))}


def test_each_type_is_a_kind_and_what_is_given_is_left_out() -> None:
    assert {name: p.kind for name, p in PARAMETERS.items()} == {
        "plain": "float",
        "beta": "float",
        "rate": "float",
        "count": "int",
        "flag": "bool",
        "mode": "choice",
        "widths": "ints",
        "text": "text",
    }


def test_ranges_labels_hints_and_choices_come_from_the_annotations() -> None:
    beta, rate, mode, widths = (PARAMETERS[name] for name in ("beta", "rate", "mode", "widths"))
    assert (beta.low, beta.high, beta.log, beta.label, beta.hint, beta.more) == (
        0,
        0.999,
        False,
        "β",
        "how much stays",
        False,
    )
    assert (rate.low, rate.high, rate.log, rate.label, rate.more) == (1e-6, 1, True, "rate", True)
    assert mode.choices == ("slow", "fast")
    assert (widths.low, widths.high, widths.least, widths.most) == (1, 100, 1, 3)
    assert (PARAMETERS["plain"].low, PARAMETERS["plain"].high) == (-math.inf, math.inf)


def test_defaults_are_of_the_parameter_s_own_type() -> None:
    assert type(PARAMETERS["plain"].default) is float
    assert PARAMETERS["widths"].default == (64, 32)


def no_default(a: float) -> None: ...
def no_range(a: Annotated[float, Range(0, 1)] = 2.0) -> None: ...
def no_form(a: complex = 1j) -> None: ...
def no_log(a: Annotated[float, Range(0, 1, log=True)] = 0.5) -> None: ...


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (no_default, "'a' needs a default"),
        (no_form, "type <class 'complex'>; a form knows"),
        (no_log, "it begins above 0"),
    ],
)
def test_a_signature_that_is_no_form_is_its_author_s_fault(fault: Callable[..., Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        parameters_of(cast(Any, fault), ())


def test_a_default_outside_its_range_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"a is 2\.0; it goes from 0 to 1"):
        parameters_of(cast(Any, no_range), ())


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("plain", 2, 2.0),
        ("beta", 0, 0.0),
        ("beta", 0.999, 0.999),
        ("count", 8, 8),
        ("count", 2.0, 2),
        ("flag", True, True),
        ("mode", "fast", "fast"),
        ("widths", [1, 2.0, 100], (1, 2, 100)),
        ("widths", (5,), (5,)),
        ("text", "ä\n", "ä\n"),
    ],
)
def test_a_value_in_range_is_kept_in_the_parameter_s_type(name: str, value: object, kept: Value) -> None:
    checked = PARAMETERS[name].check(value)
    assert checked == kept
    assert type(checked) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("beta", 1.0, "beta is 1.0; it goes from 0 to 0.999"),
        ("beta", -1e-9, "beta is -1e-09"),
        ("beta", math.nan, "beta is nan"),
        ("plain", math.inf, "plain is inf; it goes as you like"),
        ("plain", 10**400, "plain is 1000"),
        ("beta", "0.9", "beta is '0.9'; it is a number from 0 to 0.999"),
        ("beta", True, "beta is True; it is a number"),
        ("beta", None, "beta is None"),
        ("beta", "9" * 1000, "beta is '999"),
        ("beta", "a\nb", r"beta is 'a\\nb'"),
        ("count", 1.5, "count is 1.5; it is a whole number from 1 to 8"),
        ("count", 9, "count is 9; it goes from 1 to 8"),
        ("count", math.inf, "count is inf; it is a whole number"),
        ("count", True, "count is True"),
        ("flag", 1, "flag is 1; it is true or false"),
        ("flag", "true", "flag is 'true'"),
        ("mode", "medium", "mode is 'medium'; it is one of slow, fast"),
        ("mode", 0, "mode is 0"),
        ("widths", [], r"widths is \[\]; it is a list of whole numbers, for example 64,32"),
        ("widths", 64, "widths is 64; it is a list"),
        ("widths", "64", "widths is '64'; it is a list"),
        ("widths", [1, 2, 3, 4], "widths holds 4 numbers; it takes 1 to 3"),
        ("widths", [101], "widths is 101; it goes from 1 to 100"),
        ("widths", [[1]], r"widths is \[1\]; it is a number"),
        ("text", 1, "text is 1; it is a text"),
    ],
)
def test_what_makes_no_sense_is_one_short_line(name: str, value: object, said: str) -> None:
    with pytest.raises(ParameterError, match=said) as caught:
        PARAMETERS[name].check(value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_number_too_long_to_write_is_refused_all_the_same() -> None:
    with pytest.raises(ParameterError, match=r"plain is \(int too long to show\)"):
        PARAMETERS["plain"].check(10**5000)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("beta", "0.5", 0.5),
        ("beta", " 5e-1 ", 0.5),
        ("count", "3", 3),
        ("count", "3.0", 3),
        ("flag", "TRUE", True),
        ("flag", "false", False),
        ("mode", " fast", "fast"),
        ("widths", "64,32", (64, 32)),
        ("widths", "64 32", (64, 32)),
        ("widths", "64, 32,", (64, 32)),
        ("text", "any thing", "any thing"),
    ],
)
def test_what_people_type_is_understood(name: str, text: str, value: Value) -> None:
    assert PARAMETERS[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("beta", ""),
        ("beta", "half"),
        ("beta", "0,5"),
        ("plain", "1_000"),
        ("plain", "nan"),
        ("plain", "1e999"),
        ("count", "9" * 500),
        ("flag", "1"),
        ("flag", "yes"),
        ("mode", "FAST"),
        ("widths", ""),
        ("widths", "64;32"),
        ("widths", "wide"),
    ],
)
def test_what_people_mistype_is_refused(name: str, text: str) -> None:
    with pytest.raises(ParameterError, match=f"^{name} is ") as caught:
        PARAMETERS[name].parse(text)
    assert "\n" not in str(caught.value)


ALL_PARAMETERS = [
    pytest.param(parameter, id=f"{part.name}.{parameter.name}")
    for registry in catalog.REGISTRIES.values()
    for part in registry
    for parameter in part.parameters
]


@pytest.mark.parametrize("parameter", ALL_PARAMETERS)
@given(value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
@settings(max_examples=25)
def test_anything_is_a_value_that_checks_as_itself_or_one_line(parameter: Parameter, value: object) -> None:
    try:
        kept = parameter.check(value)
    except ParameterError as error:
        said = str(error)
    else:
        assert parameter.check(kept) == kept
        said = ""
    assert "\n" not in said


@pytest.mark.parametrize("parameter", ALL_PARAMETERS)
def test_every_part_s_numbers_have_a_range_that_a_slider_can_show(parameter: Parameter) -> None:
    if parameter.kind in ("float", "int", "ints"):
        assert -math.inf < parameter.low < parameter.high < math.inf
    assert parameter.label


def test_a_number_is_read_as_it_is_shown_with_a_true_minus() -> None:
    assert Parameter("shift", "float", 0.0).parse("−1.5") == -1.5
