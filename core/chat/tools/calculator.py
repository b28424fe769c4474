"""Calculator: arithmetic on numbers, parsed and never run as code, with limits on size."""

import ast
import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from core.base.i18n import _

MAX_LETTERS = 500
MAX_DIGITS = 300
"""Digits of a number on the way; a power of powers would fill memory."""
_Number = Fraction | float
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]+)$")
_OPERATORS: dict[type[ast.AST], Callable[..., _Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda a, b: Fraction(a // b),
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def _round(number: _Number, digits: _Number = Fraction(0)) -> Fraction:
    places = int(digits)
    if abs(places) > MAX_DIGITS:
        raise OverflowError
    rounded: _Number = number.__round__(places)
    return Fraction(rounded)


_FUNCTIONS: dict[str, Callable[..., _Number]] = {
    "abs": abs,
    "ceil": lambda x: Fraction(math.ceil(x)),
    "cos": math.cos,
    "exp": math.exp,
    "floor": lambda x: Fraction(math.floor(x)),
    "ln": math.log,
    "log": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": _round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "sum": lambda *numbers: sum(numbers, Fraction(0)),
    "tan": math.tan,
}
_CONSTANTS = {"pi": math.pi, "e": math.e}
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", ":": "/", "−": "-", "–": "-", "^": "**"})


class Calculated(NamedTuple):
    """A value in digits; `is_exact` unless digits had to be left out."""

    digits: str
    is_exact: bool


def calculate(expression: str) -> Calculated:
    """Return the value of an expression. Raises ValueError with the reason.

    Fractions are exact, so 0.1 + 0.2 is 0.3; roots, logarithms and fractions of hundreds of digits,
    as in compound interest, are not.
    """
    if len(expression) > MAX_LETTERS:
        raise ValueError(_("the expression is too long"))
    text = expression.translate(_SIGNS).strip().removesuffix("=").strip()
    try:
        tree = ast.parse(text, mode="eval")
        return _format(_value(tree.body, text))
    except (SyntaxError, RecursionError, MemoryError, TypeError) as error:
        raise ValueError(_("it is no arithmetic")) from error
    except ZeroDivisionError as error:
        raise ValueError(_("it divides by zero")) from error
    except OverflowError as error:
        raise ValueError(_("the number is too large")) from error


def _value(node: ast.expr, text: str) -> _Number:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            # As written: 0.1 is a tenth, and not the float next to it.
            written = ast.get_source_segment(text, node) or repr(number)
            return _literal(written.replace("_", ""))
        case ast.Name(id=name) if name.lower() in _CONSTANTS:
            return _CONSTANTS[name.lower()]
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(operand, text))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, text), _value(right, text))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _limited(_OPERATORS[type(sign)](_value(left, text), _value(right, text)))
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in _FUNCTIONS:
            return _limited(_FUNCTIONS[name](*(_value(each, text) for each in given)))
        case _:
            raise ValueError(_("it is no arithmetic"))


def _literal(written: str) -> _Number:
    exponent = _EXPONENT.search(written)
    if exponent and abs(int(exponent[1])) > MAX_DIGITS:
        raise OverflowError  # before a fraction writes all its digits out
    return _limited(Fraction(written))


def _power(base: _Number, exponent: _Number) -> _Number:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        digits = len(str(max(abs(base.numerator), base.denominator))) * abs(exponent.numerator)
        if digits <= 2 * MAX_DIGITS:
            return _limited(Fraction(base ** int(exponent)))
        if base.denominator == 1:
            raise OverflowError
    try:
        power = math.pow(float(base), float(exponent))
    except ValueError as error:
        raise ValueError(_("it has no real value")) from error
    if base and not power:
        raise OverflowError
    return power


def _limited(number: _Number) -> _Number:
    """Return a number that may be gone on with: a fraction of many digits only about."""
    if isinstance(number, Fraction):
        larger = max(abs(number.numerator), number.denominator)
        if larger.bit_length() <= MAX_DIGITS * 3.33:
            return number
        if number.denominator == 1:
            raise OverflowError
        number = _rounded(number)
    if not math.isfinite(number):
        raise OverflowError
    return number


def _rounded(number: Fraction) -> float:
    rounded = float(number)
    if number and not rounded:
        raise OverflowError  # nothing would be left of it
    return rounded


def _format(number: _Number) -> Calculated:
    if isinstance(number, Fraction) and number.denominator == 1:
        return Calculated(str(number.numerator), is_exact=True)
    digits = f"{float(number):.15g}"
    return Calculated(digits, isinstance(number, Fraction) and Fraction(digits) == number)
