"""Whatever is typed becomes an experiment or one line."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from lrviz.cli.options import add_question, question_from
from lrviz.cli.parser import Parser
from lrviz.cli.question import experiment_from_options
from lrviz.core.catalog import REGISTRIES
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment

NAMES = sorted({name for registry in REGISTRIES.values() for name in registry.names()})
WORDS = """
    --surface --expression --bounds --model --data --target --optimizer --schedule --set --lr --start --steps --epochs
    --batch-size --seed --quiet -x -- - 0 1 -1 -1.2 1e-3 -1e-3 .5 1e999 nan -inf 0,1 1_0 ٣ 99999999999999999999999
    surface.b=50 b=1e400 hidden=64,64 hidden=, model.hidden=-1 optimizer.beta1=nan =1 .=. a.b.c=d optimizer.=0
"""
ARGUMENTS = st.lists(st.sampled_from([*WORDS.split(), *NAMES]) | st.text(max_size=8), max_size=8)


@given(ARGUMENTS)
@example(["--set", "optimizer.name=sgd"])
@example(["--set", "optimizer.registry=sgd"])
@example(["--surface", "rosenbrock", "--set", "b=" + "9" * 5000])
@example(["--seed", "9" * 400])
@example(["--data", "\0.csv", "--epochs", "1"])
@example(["--data", "x" * 5000 + ".csv", "--epochs", "1"])
@example(["--model", "mlp", "--epochs", "1e308"])
@example(["--bounds", "-1e308", "1e308", "-1e308", "1e308", "--expression", "x"])
def test_any_arguments_become_an_experiment_or_one_line(arguments: list[str]) -> None:
    parser = Parser(prog="lrviz run", add_help=False)
    add_question(parser)
    with suppress(LrvizError):
        assert isinstance(experiment_from_options(question_from(parser.parse(arguments))), Experiment)
