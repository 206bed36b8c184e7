"""ERPNext's sandbox against the recordings."""

from tests.conformance.erpnext import disagreements


async def test_the_sandbox_answers_each_recorded_list_and_get_in_the_recorded_shape() -> None:
    found = await disagreements()

    assert found == []
