"""What wrk prints is read exactly, and a load that went wrong is not taken for one that went well."""

from __future__ import annotations

import pytest

from benchmarks.load import NoAnswers, Target, read_report

PRINTED = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.46ms    1.20ms  25.01ms   92.31%
    Req/Sec     4.68k   310.21     5.10k    75.00%
  Latency Distribution
     50%  456.00us
     75%    3.75ms
     90%    1.20s 
     99%    1.01m
  9321 requests in 2.00s, 11.43MB read
Requests/sec:   4659.87
Transfer/sec:      5.71MB
"""  # noqa: W291 - as printed


def test_requests_and_their_rate_are_read() -> None:
    found = read_report(PRINTED)

    assert (found.requests, found.per_second, found.failed) == (9321, 4659.87, 0)


def test_percentiles_of_every_unit_are_read_as_milliseconds() -> None:
    found = read_report(PRINTED)

    assert found.percentiles_ms == {50: pytest.approx(0.456), 75: 3.75, 90: 1200.0, 99: pytest.approx(60_600.0)}


def test_refused_and_broken_requests_are_counted() -> None:
    printed = PRINTED.replace(
        "Requests/sec",
        "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\nRequests/sec",
    )

    assert read_report(printed).failed == 15


@pytest.mark.parametrize(
    "printed", ["", "unable to connect to 127.0.0.1", PRINTED.replace("9321 requests", "0 requests")]
)
def test_a_report_without_answers_is_refused(printed: str) -> None:
    with pytest.raises(NoAnswers, match="no answers"):
        read_report(printed)


def test_a_token_is_not_shown_with_its_target() -> None:
    target = Target(url="http://127.0.0.1/", headers={"Authorization": "Bearer secret-of-the-bench"})

    assert "secret-of-the-bench" not in repr(target)
