"""Formulas against Python's own arithmetic, and everything that is no formula against one line."""

from __future__ import annotations

import ast
import math
import string
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lrviz.core.errors import ExpressionError
from lrviz.core.expression import FUNCTIONS, MAX_LENGTH, Expression, parse_expression

ROOT = Path(__file__).parents[2]
POINTS = np.random.default_rng(0).uniform(-2, 2, (2, 50))


def refusal(text: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ExpressionError) as caught:
            parse_expression(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    return str(caught.value)


def gradients(expression: Expression, x: float, y: float) -> tuple[float, float]:
    at = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y)]
    dx, dy = torch.autograd.grad(expression(*at), at)
    return dx.item(), dy.item()


@pytest.mark.parametrize(
    ("text", "value"),  # at x = 2, y = -3
    [
        ("x**2 + 10*y**2 + sin(3*x)", 4 + 90 + math.sin(6)),
        ("x^2 + 10*y^2", 94),
        ("-x^2", -4),
        ("2^-x", 0.25),
        ("2^3^x", 512),
        ("x - y - 1", 4),
        ("x / y / 2", 2 / -3 / 2),
        ("+x*-y", 6),
        ("(x + y)*(x - y)", -5),
        ("1.5e1*x + .5 + 2.", 32.5),
        ("  x\t+ y  ", -1),
        ("pi*e", math.pi * math.e),
        ("abs(y) + sqrt(x) + sign(y)", 3 + math.sqrt(2) - 1),
        ("exp(x) + log(x) + log2(x) + log10(100)", math.exp(2) + math.log(2) + 1 + 2),
        ("sin(x) + cos(x) + tan(x)", math.sin(2) + math.cos(2) + math.tan(2)),
        ("sinh(x) + cosh(x) + tanh(x)", math.sinh(2) + math.cosh(2) + math.tanh(2)),
        ("asin(x/4) + acos(x/4) + atan(x)", math.asin(0.5) + math.acos(0.5) + math.atan(2)),
        ("atan2(y, x) + atan2(1, x) + hypot(x, y)", math.atan2(-3, 2) + math.atan2(1, 2) + math.hypot(2, -3)),
        ("min(x, y) + max(x, y, 7) + min(x, 1)", -3 + 7 + 1),
        ("floor(x/3) + ceil(x/3)", 1),
        ("9**(1/2)", 3),
    ],
)
def test_a_formula_means_what_it_says(text: str, value: float) -> None:
    expression = parse_expression(text)
    assert expression(2.0, -3.0) == pytest.approx(value, rel=1e-14)
    x, y = torch.tensor([2.0, 2.0], dtype=torch.float64), torch.tensor([-3.0, -3.0], dtype=torch.float64)
    assert expression(x, y).tolist() == pytest.approx([value, value], rel=1e-12)


operands = st.sampled_from(["x", "y", "1.0", "2.5", "pi", "0.1", "3e-2"])
formulas = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner),
        st.builds("{} {} {}".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner),
        st.builds("-{}".format, inner),
        st.builds("({})**{}".format, inner, st.sampled_from(["2", "3", "-1"])),
        # Of bounded numbers only: the sine of a huge one, or a jump, makes much of the last bit.
        st.builds("{}({})".format, st.sampled_from(["tanh", "atan", "abs"]), inner),
        st.builds("{}(atan({}))".format, st.sampled_from(["sin", "cos", "exp"]), inner),
    ),
    max_leaves=12,
)


@given(formulas)
def test_random_formulas_agree_with_python_and_torch_with_numpy(text: str) -> None:
    try:
        expression = parse_expression(text)
    except ExpressionError as error:
        parts = ("inf, at every", "nan, at every")
        if not any(part in str(error) for part in parts):
            raise
        return
    x, y = POINTS
    ours = expression(x, y)
    assert ours.shape == x.shape
    names = {"sin": np.sin, "cos": np.cos, "tanh": np.tanh, "atan": np.arctan, "abs": np.abs, "exp": np.exp}
    with np.errstate(all="ignore"):
        theirs = eval(
            compile(ast.parse(text, mode="eval"), "formula", "eval"), {**names, "pi": math.pi, "x": x, "y": y}
        )
    np.testing.assert_allclose(ours, theirs + 0 * x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(expression(torch.from_numpy(x), torch.from_numpy(y)).numpy(), ours, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "text", ["x**2*y + sin(3*x)", "exp(-x**2) * tanh(y)", "hypot(x, y)", "x**3 / (2 + y**2)", "2**x"]
)
def test_autograd_agrees_with_finite_differences(text: str) -> None:
    expression = parse_expression(text)
    at = [torch.from_numpy(values[:8].copy()).requires_grad_() for values in POINTS]
    assert torch.autograd.gradcheck(expression, at)


@pytest.mark.parametrize(
    ("text", "gradient"),
    [("3", (0, 0)), ("x", (1, 0)), ("y*2", (0, 2)), ("x*0", (0, 0)), ("pi - e", (0, 0)), ("floor(x)", (0, 0))],
)
def test_a_variable_that_does_not_occur_has_the_gradient_0(text: str, gradient: tuple[float, float]) -> None:
    assert gradients(parse_expression(text), 0.5, -0.5) == gradient


@pytest.mark.parametrize("shape", [(), (5,), (3, 4)])
@pytest.mark.parametrize("text", ["1", "x", "y**2", "x + y", "max(x, 0)", "max(1, y)"])
def test_the_value_has_the_shape_and_dtype_of_x_and_y(text: str, shape: tuple[int, ...]) -> None:
    expression = parse_expression(text)
    for dtype in (torch.float32, torch.float64):
        value = expression(torch.ones(shape, dtype=dtype), torch.ones(shape, dtype=dtype))
        assert value.shape == shape
        assert value.dtype == dtype
    assert np.shape(expression(np.ones(shape), np.ones(shape))) == shape
    assert expression(np.ones((1, 4)), np.ones((3, 1))).shape == (3, 4)


@pytest.mark.parametrize(("text", "value"), [("y", 1.0), ("3", 3.0), ("x + y", math.inf), ("exp(-x)", 0.0)])
def test_an_infinite_variable_spoils_only_formulas_in_which_it_occurs(text: str, value: float) -> None:
    x, y = torch.tensor(math.inf), torch.tensor(1.0)
    assert parse_expression(text)(x, y) == value


def test_where_it_is_not_defined_it_is_nan_or_inf_without_a_warning() -> None:
    x = np.array([-1.0, 0.0, 4.0])
    assert parse_expression("sqrt(x)")(x, x)[0] != parse_expression("sqrt(x)")(x, x)[0]
    assert parse_expression("1/x")(x, x)[1] == math.inf
    assert parse_expression("log(x)")(x, x)[1] == -math.inf
    assert math.isnan(parse_expression("x**0.5")(-1.0, 0.0))
    assert parse_expression("x**9e9")(2.0, 0.0) == math.inf


def test_formulas_are_equal_and_hash_by_their_text() -> None:
    assert parse_expression("x + y") == parse_expression("x + y")
    assert len({parse_expression("x"), parse_expression("x"), parse_expression("y")}) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the formula is empty"),
        (" \t ", "the formula is empty"),
        ("2x", "a sign is missing before 'x' (column 2)"),
        ("x y", "a sign is missing before 'y' (column 3)"),
        ("2(x + 1)", "a sign is missing before '(' (column 2)"),
        ("(x)(y)", "a sign is missing before '(' (column 4)"),
        ("x(2)", "'x' (column 1) is no function; a product takes a sign"),
        ("x^2 + sn(y)", "'sn' (column 7) is no function; did you mean sin?"),
        ("x^2 + Sin(y)", "'Sin' (column 7) is no function; did you mean sin?"),
        ("x^2 + z", "'z' (column 7) is unknown; it has x, y, pi, e"),
        ("X", "'X' (column 1) is unknown"),
        ("x + sin", "'sin' (column 5) is a function; write its value behind it, sin(x)"),
        ("sin()", "'sin()' (column 1) gives sin 0 values; it takes 1"),
        ("sin(x, y)", "'sin(x, y)' (column 1) gives sin 2 values; it takes 1"),
        ("x^2 + max(x^2)", "'max(x^2)' (column 7) gives max 1 values; it takes 2 or more"),
        ("x +", "the formula ends after '+' (column 3)"),
        ("x + * y", "'*' (column 5) stands where"),
        ("x ^^ 2", "'^' (column 4) stands where"),
        ("(x", "'(' (column 1) is never closed"),
        ("x + y)", "')' (column 6) closes nothing"),
        ("x = 3", "'=' (column 3) means nothing"),
        ("x² + y", "'²' (column 2) means nothing"),
        ("x − y", "'−' (column 3) means nothing"),
        ("x, y", "'x, y' (column 1) is no arithmetic"),
        ("x // y", "'x // y' (column 1) is no arithmetic"),
        ("x + 1/0", "'1/0' (column 5) is inf, at every x and y"),
        ("log(0)*x", "'log(0)' (column 1) is -inf"),
        ("(-8)^(1/3)", "'(-8)^(1/3)' (column 1) is nan"),
        ("x + 1e400", "'1e400' (column 5) is too large a number"),
        ("08", "a sign is missing before '8' (column 2)"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_place(text: str, said: str) -> None:
    assert said in refusal(text)


ATTACKS = [
    "__import__('os').system('true')",
    "eval('1')",
    "exec(x)",
    "open(x)",
    "print(x)",
    "().__class__.__bases__",
    "x.__class__",
    "x.data",
    "sin.__globals__",
    "[c for c in x]",
    "{x: y}",
    "lambda: x",
    "lambda x: x",
    "(lambda)",
    "x if y else 1",
    "x or y",
    "not(x)",
    "x and(y)",
    "x := 1",
    "(y:=x)",
    "await(x)",
    "yield",
    "yield(x)",
    "x; y",
    "x\ny",
    "x\\\ny",
    "x # y",
    "'a'*9",
    '"""x"""',
    "f'{x}'",
    "b'x'",
    "x[0]",
    "x @ y",
    "x << 9999",
    "x % y",
    "~x",
    "x < y",
    "x == y",
    "sin(*x)",
    "sin(**x)",
    "sin(x=1)",
    "sin(x for x in y)",
    "max(*x, y)",
    "None",
    "True",
    "...",
    "1j",
    "1_000",
    "0x10",
    "0b1",
    "1if(x)else(y)",
    "x\0",
    "\0",
    "\ufeffx",
    "\u202ex",
    "ｘ",
    "١",
    "\ud800",
    "9**9**9",
    "9**9**9**9**9",
    "9" * 400,
    "9" * 400 + "*x",
    "1/0*x",
    "0**-1",
    "1e999999999",
    "1" * 600,
    "x" * 10_000_000,
    "(" * 250 + "x" + ")" * 249,
    "(" * 250,
    "(" * 240 + "x" + ")" * 240,
    "-" * 499 + "x",
    "x**" * 160 + "x",
    "x+" * 249 + "x",
    "sin(" * 120 + "x" + ")" * 120,
    "max(" + "x," * 240 + "x)",
]


@pytest.mark.parametrize("text", ATTACKS, ids=[f"{place}-{text[:12]!r}" for place, text in enumerate(ATTACKS)])
def test_attacks_are_one_line(text: str) -> None:
    refusal(text)


def test_what_is_long_but_flat_enough_is_taken() -> None:
    assert parse_expression("+".join(["x"] * 39))(1.0, 0.0) == 39
    assert parse_expression("(" * 40 + "x" + ")" * 40)(1.0, 0.0) == 1
    assert parse_expression("x" + " \t" * (MAX_LENGTH // 2 - 1))(1.0, 0.0) == 1


pieces = st.sampled_from(
    ["x", "y", "1", "9", "e", "pi", "(", ")", ",", ".", "+", "-", "*", "**", "/", "^", " ", "\t", *FUNCTIONS]
)


@given(
    st.one_of(st.text(max_size=40), st.text(string.printable, max_size=60), st.lists(pieces, max_size=40).map("".join))
)
def test_any_text_is_a_formula_or_one_line(text: str) -> None:
    said = ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            value: Any = parse_expression(text)(POINTS[0], POINTS[1])
            assert value.shape == (50,)
        except ExpressionError as error:
            said = str(error)
    assert "\n" not in said


def test_reading_and_evaluating_with_numpy_needs_no_torch() -> None:
    code = (
        "import sys; from lrviz.core.expression import parse_expression; "
        "assert parse_expression('max(x, 1)')(2.0, 0.0) == 2; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=ROOT)
