"""Laws that hold of random workflows with random mishaps, cut off anywhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.engine_laws import check_log, check_state, folded, picture
from tests.runtime.engine_programs import bodies, graph_of, once_talks, onces, run, talks, tasks

seeds = st.integers(0, 1000)
luck = st.sampled_from([0, 4, 20])
"""Of a hundred steps, how many always fail."""


@given(bodies(tasks | talks), seeds, luck, st.integers(1, 8))
def test_a_run_ends_and_its_log_gives_its_state(body, seed, bad, width):
    artifact = graph_of(body).seal()
    ran = run(artifact, seed, bad=bad, width=width)
    assert ran.state.label in ("completed", "failed")
    check_log(ran.told)
    check_state(ran.state)
    assert picture(folded(artifact, ran.told)) == picture(ran.state)


@given(bodies(tasks | talks), seeds, st.data())
def test_a_run_that_is_cut_off_anywhere_goes_on_to_the_same_end(body, seed, data):
    artifact = graph_of(body).seal()
    whole = run(artifact, seed, bad=0)
    cut = data.draw(st.sampled_from([1, *whole.log.ends[:-1]]))
    before = whole.told[:cut]
    check_state(folded(artifact, before))
    again = run(artifact, seed, before, bad=0)
    check_log(again.told)
    check_state(again.state)
    assert (again.state.label, again.state.outputs) == (whole.state.label, whole.state.outputs)
    assert picture(folded(artifact, again.told)) == picture(again.state)


@given(bodies(tasks), seeds, st.integers(0, 1000))
def test_blocks_that_are_begun_again_come_to_the_same_end_wherever_the_run_is_cut_off(body, seed, at):
    artifact = graph_of(body).seal()
    whole = run(artifact, seed, bad=20)
    ends = [1, *whole.log.ends[:-1]]
    cut = ends[at % len(ends)]
    again = run(artifact, seed, whole.told[:cut], bad=20)
    check_log(again.told)
    check_state(again.state)
    assert (again.state.label, again.state.outputs) == (whole.state.label, whole.state.outputs)
    assert picture(folded(artifact, again.told)) == picture(again.state)


@given(bodies(tasks | onces | talks | once_talks), seeds, luck, st.data())
def test_what_takes_effect_once_is_never_begun_again(body, seed, bad, data):
    artifact = graph_of(body).seal()
    whole = run(artifact, seed, bad=bad)
    cut = data.draw(st.sampled_from([1, *whole.log.ends[:-1]]))
    again = run(artifact, seed, whole.told[:cut], bad=bad)
    check_log(again.told)
    check_state(again.state)
    lost = {entry.address for entry in again.told if entry.type == "node.lost"}
    begun = [entry.address for entry in again.told if entry.type == "node.started"]
    assert all(begun.count(address) == 1 for address in lost)
    assert again.state.label in ("completed", "failed", "paused")
    assert (again.state.label == "paused") == bool(again.state.undecided)


@given(bodies(tasks | onces | talks | once_talks), seeds, luck, st.data())
def test_every_beginning_of_a_log_gives_a_sound_state(body, seed, bad, data):
    artifact = graph_of(body).seal()
    whole = run(artifact, seed, bad=bad)
    cut = data.draw(st.integers(1, len(whole.told)))
    check_state(folded(artifact, whole.told[:cut]))
