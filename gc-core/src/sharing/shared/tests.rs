//! Counts that have come to their limit.

use super::*;

/// One with so many handles and no weak ones, whose table nobody looks at.
fn head(strong: u64, flags: Flags) -> SharedHead {
    let strong = u32::try_from(strong).expect("it fits");
    SharedHead::new(NonNull::dangling(), flags, strong)
}

#[test]
fn an_object_that_is_stuck_stays_as_it_is() {
    for flags in [Flags::NONE, Flags::LEAF] {
        let head = head(STRONG_STUCK, flags);
        for _ in 0..3 {
            assert!(head.try_retain());
            assert_eq!(head.strong() as u64, STRONG_STUCK, "upgrades do not add up to nothing");
            assert_eq!(head.release(), Released::Alive);
            assert!(!head.unpin());
            assert_eq!(head.strong() as u64, STRONG_STUCK);
        }
    }
}

#[test]
fn a_count_that_reaches_its_limit_is_put_further_away() {
    let head = head(STRONG_LIMIT, Flags::LEAF);
    head.retain();
    assert_eq!(head.strong() as u64, STRONG_STUCK);
}

#[test]
fn a_leaf_is_never_a_candidate() {
    let head = head(3, Flags::LEAF);
    assert_eq!(head.release(), Released::Alive);
    assert!(!head.unpin());
    assert_eq!(head.release(), Released::Last);
}
