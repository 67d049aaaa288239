//! The rows of the table of design section 6 that the abstraction can express: the
//! protocol less one thing, in the smallest setting that shows it. A test here
//! passes if the exploration finds what the row says; the way to it is printed.
//!
//! Where a row needs objects to be looked at in a certain order, their numbers are
//! chosen so: the collector goes through them from the least.

use gc_protocol::Kind::{Immutable, Mutex, Once, RwLock};
use gc_protocol::{Destructor, Handle, Setting, Variant, Violation, explore};

const A: Handle = Handle::strong(0);
const B: Handle = Handle::strong(1);
const NONE: Handle = Handle::NONE;

/// Explores `setting` with `variant`; what is found has to be one of what `expected`
/// accepts. Without `variant` it must be sound.
#[track_caller]
fn breaks(setting: Setting, variant: Variant, expected: fn(Violation) -> bool) {
    let outcome = explore(&setting.clone().broken(variant));
    let Some((violation, trace)) = outcome.found else {
        panic!("{variant:?} breaks nothing in {} states", outcome.states);
    };
    println!("{variant:?}: {violation:?} after {} states\n{trace}", outcome.states);
    assert!(expected(violation), "{variant:?} breaks something else: {violation:?}");
    holds(setting);
}

#[track_caller]
fn holds(setting: Setting) {
    let outcome = explore(&setting);
    if let Some((violation, trace)) = outcome.found {
        panic!("{:?}: {violation:?}\n{trace}", setting.variant);
    }
    println!("{:?}: {} states", setting.variant, outcome.states);
}

fn destroyed(violation: Violation) -> bool {
    matches!(violation, Violation::HoldsDestroyed(_) | Violation::LeadsToDestroyed(_))
}

fn leaked(violation: Violation) -> bool {
    matches!(violation, Violation::Leaked(_) | Violation::Missed(_))
}

fn deadlock(violation: Violation) -> bool {
    matches!(violation, Violation::Deadlock(_))
}

fn one() -> Setting {
    Setting::new("one object", &[(0, Mutex)], &[&[A, NONE]])
}

fn two() -> Setting {
    Setting::new("two objects", &[(0, Mutex), (1, Mutex)], &[&[A, B]])
}

/// B owns A, which has a cell. A is looked at first.
fn owner() -> Setting {
    Setting::new("an immutable edge", &[(1, Immutable), (0, Mutex)], &[&[B, NONE]]).holding(0, A)
}

#[test]
fn a_candidate_pushed_after_the_decrement_is_used_after_free() {
    let setting = Setting::new("two drops", &[(0, Mutex)], &[&[A], &[A]]);
    breaks(setting, Variant::PushAfterDecrement, |found| found == Violation::UsedAfterFree(0));
}

#[test]
fn with_locks_released_before_pass_1_a_mutator_keeps_a_destroyed_object() {
    breaks(one(), Variant::UnlockBeforePass1, destroyed);
}

#[test]
fn reading_everything_twice_does_not_make_up_for_locks() {
    breaks(one(), Variant::ReadTwice, destroyed);
}

#[test]
fn a_count_without_seen_takes_two_objects_that_can_be_read_side_by_side() {
    let three = [A, B, NONE];
    let cells = [(0, RwLock), (1, RwLock)];
    breaks(Setting::new("read-write locks", &cells, &[&three]), Variant::NoSeen, destroyed);
    let cells = [(0, Once), (1, Once)];
    breaks(Setting::new("once-cells", &cells, &[&three]), Variant::NoSeen, destroyed);
    breaks(owner(), Variant::NoSeen, destroyed);
}

#[test]
fn mutexes_alone_are_too_small_to_show_a_count_without_seen() {
    let cells = [(0, Mutex), (1, Mutex)];
    let setting = Setting::new("two objects", &cells, &[&[A, B], &[NONE, NONE]]).channels();
    holds(setting.broken(Variant::NoSeen));
}

#[test]
fn one_pass_over_the_words_destroys_what_an_immutable_edge_leads_to() {
    breaks(owner(), Variant::OnePass, destroyed);
}

#[test]
fn without_a_claim_an_upgrade_comes_after_the_decision() {
    breaks(one().weak(), Variant::NoClaim, destroyed);
}

#[test]
fn a_weak_count_read_after_the_word_misses_an_upgrade() {
    breaks(one().weak(), Variant::WeakAfterWord, destroyed);
}

#[test]
fn a_claim_undone_by_a_store_loses_a_clone() {
    breaks(two().weak(), Variant::UnclaimByStore, destroyed);
}

#[test]
fn shrunk_without_counting_anew_a_live_object_holds_a_destroyed_one() {
    breaks(two(), Variant::NoRecount, |found| matches!(found, Violation::LeadsToDestroyed(_)));
}

#[test]
fn what_fails_in_pass_2_must_not_leave_alone() {
    breaks(owner(), Variant::LeaveAlone, destroyed);
}

/// The rule of pass 1 says it twice: who fails takes along what it reaches, and
/// the rest is counted anew. Either is enough.
#[test]
fn a_closure_or_a_recount_is_enough() {
    let cells = [(0, Mutex), (1, RwLock)];
    let setting = Setting::new("two objects", &cells, &[&[A, B], &[NONE]]).channels();
    for variant in [Variant::ClosureOnly, Variant::RecountOnly] {
        holds(setting.clone().broken(variant));
        holds(owner().weak().broken(variant));
    }
}

#[test]
fn dead_one_by_one_a_destructor_hands_out_a_sibling() {
    let cells = [(0, Immutable), (0, Immutable), (1, Mutex)];
    let setting = Setting::new("a weak handle to a sibling", &cells, &[&[A, NONE]])
        .holding(0, B)
        .holding(1, Handle::weak(1))
        .destructor(Destructor::Rescues)
        .weak();
    breaks(setting, Variant::DeadOneByOne, destroyed);
}

#[test]
fn boxes_freed_one_by_one_are_counted_down_after_free() {
    breaks(two(), Variant::FreeOneByOne, |found| matches!(found, Violation::UsedAfterFree(_)));
}

#[test]
fn a_claim_held_over_a_finalizer_deadlocks() {
    let setting = Setting::new("one lock", &[(0, Immutable), (1, Mutex)], &[&[A, NONE]]);
    let setting = setting.holding(0, B).weak().finalizers();
    breaks(setting, Variant::ClaimOverFinalizer, deadlock);
}

#[test]
fn the_flag_held_over_a_finalizer_deadlocks() {
    breaks(one().weak().finalizers(), Variant::FlagOverFinalizer, deadlock);
}

#[test]
fn collecting_under_a_lock_and_waiting_deadlocks() {
    breaks(one().weak().finalizers(), Variant::CollectWaits, deadlock);
    breaks(two().destructor(Destructor::Locks), Variant::CollectWaits, deadlock);
}

#[test]
fn pins_released_while_guards_are_held_deadlock_in_a_destructor() {
    let setting = owner().destructor(Destructor::Locks);
    breaks(setting, Variant::UnpinUnderGuards, deadlock);
}

#[test]
fn a_drain_that_frees_at_zero_drops_twice() {
    breaks(one(), Variant::DrainFreesAtZero, |found| found == Violation::DroppedTwice(0));
}

#[test]
fn buffered_cleared_at_the_end_leaks() {
    breaks(one(), Variant::ClearBufferedAtEnd, leaked);
}

#[test]
fn a_young_collection_that_forgets_its_survivors_leaks() {
    breaks(two().generations(), Variant::ForgetSurvivors, leaked);
}

#[test]
fn one_failure_that_aborts_everything_keeps_garbage_beside_a_busy_object() {
    breaks(two(), Variant::FailTogether, leaked);
}

/// Found by this model, not in the table: another collection sees the pin, takes
/// the object for live, and has cleared BUFFERED. When the pin goes without
/// setting it again, nobody knows of the object any more.
#[test]
fn pins_given_back_after_the_flag_hide_garbage_from_another_collection() {
    holds(one().broken(Variant::PinsOutliveFlag));
    breaks(one().two_collectors(), Variant::PinsOutliveFlag, leaked);
}

/// The same with a pin that is the last, and so must outlive the flag: a weak
/// handle is upgraded before it is given back.
#[test]
fn a_last_pin_given_back_in_silence_hides_garbage_after_an_upgrade() {
    holds(one().weak().broken(Variant::SilentLastPin));
    holds(one().two_collectors().broken(Variant::SilentLastPin));
    breaks(one().weak().two_collectors(), Variant::SilentLastPin, leaked);
}

/// The same with pins that must outlive the flag, those under finalizers.
#[test]
fn pins_held_over_finalizers_hide_garbage_from_another_collection() {
    let setting = Setting::new("two objects", &[(0, Mutex), (1, Mutex)], &[&[A, B]]).finalizers();
    holds(setting.clone().broken(Variant::SilentAfterFinalizers));
    breaks(setting.two_collectors(), Variant::SilentAfterFinalizers, leaked);
}
