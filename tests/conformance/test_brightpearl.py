"""Brightpearl's sandbox against the recordings."""

from tests.conformance.brightpearl import disagreements, examples
from tests.conformance.brightpearl_cases import LEFT_OUT, OAUTH, OLD, PREPARED, SECONDED, STUBS


async def test_the_sandbox_answers_each_recorded_question_in_the_recorded_shape() -> None:
    found = await disagreements()

    assert found == []


def test_what_is_left_out_is_named_and_nothing_else_is() -> None:
    names = {name for name, _ in examples()}

    assert {*LEFT_OUT, *OAUTH, *OLD, *PREPARED, *SECONDED, *STUBS} <= names
    assert len(names - set(LEFT_OUT)) >= 100
