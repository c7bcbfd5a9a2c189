"""What goes wrong by the person's hand: each error is one line that says what is wrong and what would be right."""


class LrvizError(ValueError):
    """The question is wrong, not the program. The command line answers it with exit status 2."""


class ParameterError(LrvizError):
    """A parameter's value is of the wrong kind or outside its range."""


class UnknownPartError(LrvizError):
    """No surface, optimizer, schedule, data set or model has this name."""


class ExperimentError(LrvizError):
    """An experiment, or a file that should hold one, makes no sense."""


class ExpressionError(LrvizError):
    """A formula cannot be read."""


class DataError(LrvizError):
    """A data file is broken, or does not hold what was asked for."""


def one_line(message: object) -> str:
    """A message as another library wrote it, on one line."""
    return " ".join(str(message).split())


def quoted(value: object, longest: int = 60) -> str:
    """`value` as a message quotes it: on one line, and cut short where it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists in lists
        return f"({type(value).__name__} too long to show)"
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
