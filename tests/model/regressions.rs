//! Lists of operations that once went wrong or that random ones seldom hit, each
//! named for what it is about.

use super::gc::run;
use gc_core::Generation::{Middle, Old, Young};
use gc_tests::ops::{Action, Op};

#[test]
fn a_ring_is_found_in_the_generation_of_its_oldest_member() {
    run(&[
        Op::New { to: 0 },
        Op::Copy { from: 0, to: 1 },
        Op::Clear { at: 1 },
        Op::Collect(Young),
        Op::New { to: 1 },
        Op::Link { from: 0, slot: 0, to: 1 },
        Op::Link { from: 1, slot: 0, to: 0 },
        Op::Clear { at: 0 },
        Op::Clear { at: 1 },
        Op::Collect(Young),
        Op::Collect(Middle),
    ]);
}

#[test]
fn a_finalizer_keeps_its_neighbour_and_the_rest_goes() {
    run(&[
        Op::New { to: 0 },
        Op::New { to: 1 },
        Op::Link { from: 0, slot: 0, to: 1 },
        Op::Link { from: 1, slot: 0, to: 0 },
        Op::Link { from: 1, slot: 1, to: 1 },
        Op::OnFinalize { at: 0, action: Action::ResurrectEdge { slot: 0, to: 2 } },
        Op::Clear { at: 0 },
        Op::Clear { at: 1 },
        Op::Collect(Old),
    ]);
}

#[test]
fn a_handle_to_itself_in_the_finalizer_of_a_death_by_count_is_dropped_again() {
    run(&[
        Op::New { to: 0 },
        Op::OnFinalize { at: 0, action: Action::Downgrade { to: 0 } },
        Op::Clear { at: 0 },
        Op::Upgrade { from: 0, to: 1 },
    ]);
}

#[test]
fn a_buffered_candidate_is_unwrapped() {
    run(&[
        Op::New { to: 0 },
        Op::Copy { from: 0, to: 1 },
        Op::Clear { at: 1 },
        Op::Unwrap { at: 0 },
        Op::Collect(Old),
    ]);
}

#[test]
fn a_trace_that_panicked_loses_nothing_for_good() {
    run(&[
        Op::New { to: 0 },
        Op::Link { from: 0, slot: 0, to: 0 },
        Op::Arm { at: 0 },
        Op::Clear { at: 0 },
        Op::Collect(Old),
        Op::Disarm,
        Op::Collect(Old),
    ]);
}

#[test]
fn garbage_that_watches_garbage_in_an_automatic_collection() {
    run(&[
        Op::New { to: 2 },
        Op::New { to: 3 },
        Op::Watch { at: 3, to: 0, action: Action::Tie { slot: 0, to: 1 } },
        Op::New { to: 1 },
        Op::Link { from: 1, slot: 0, to: 1 },
        Op::New { to: 3 },
        Op::Watch { at: 3, to: 0, action: Action::Nothing },
        Op::OnFinalize { at: 2, action: Action::Collect(Old) },
        Op::Entrust { callback: 0, at: 1 },
        Op::Thresholds { young: 1 },
        Op::New { to: 2 },
        Op::Link { from: 3, slot: 0, to: 3 },
        Op::New { to: 1 },
        Op::New { to: 3 },
        Op::New { to: 0 },
    ]);
}

#[test]
fn what_one_finalizer_brought_back_is_dropped_by_what_another_let_die() {
    for (first, second) in [(0, 1), (1, 0)] {
        run(&[
            Op::New { to: 0 },
            Op::New { to: 1 },
            Op::Link { from: 0, slot: 0, to: 0 },
            Op::Link { from: 1, slot: 0, to: 1 },
            Op::OnFinalize { at: 0, action: Action::Cut { slot: 0 } },
            Op::OnDrop { at: 0, action: Action::Clear { at: 0 } },
            Op::OnFinalize { at: 1, action: Action::Resurrect { to: 0 } },
            Op::Clear { at: first },
            Op::Clear { at: second },
            Op::Collect(Old),
        ]);
    }
}
