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

#[test]
fn upgrades_up_to_the_limit_came_round_to_nothing() {
    for flags in [Flags::NONE, Flags::LEAF] {
        let head = head(STRONG_LIMIT - 1, flags);
        // (Each forgotten: safe code may.) The first reaches the limit.
        (0..5).for_each(|_| assert!(head.try_retain()));
        assert_eq!(head.strong() as u64, STRONG_LIMIT);

        // At the end of the count's bits, wherever it came from.
        let head = self::head((1 << 28) - 1, flags);
        assert!(head.try_retain());
        assert!(is_stuck(head.word.load(Relaxed)), "{} handles", head.strong());
        assert_eq!(head.release(), Released::Alive);
    }
}

#[test]
fn as_many_edges_as_a_count_that_is_stuck_accounted_for_all_handles() {
    for strong in [STRONG_LIMIT, STRONG_STUCK] {
        let head = head(strong, Flags::NONE);
        let number = usize::try_from(strong).expect("64 bits") - 1;
        assert_ne!(head.handles(), number, "nothing is held from outside");
        let sight = head.see();
        assert_eq!(head.handles_seen(sight), None);
    }
    // The last before it still counts.
    let head = head(STRONG_LIMIT - 1, Flags::NONE);
    assert_eq!(head.handles() as u64, STRONG_LIMIT - 2);
}

#[test]
fn collections_moved_a_count_that_was_stuck() {
    let head = head(STRONG_STUCK, Flags::BUFFERED);
    for _ in 0..3 {
        // As an entry of a list, which has its share.
        head.retain_share();
        assert_eq!(head.drain(), Entry::Pinned);
        assert_eq!(head.strong() as u64, STRONG_STUCK, "drained");
        assert_eq!(head.let_go(true), Some(true));
        assert_eq!(head.strong() as u64, STRONG_STUCK, "let go");
    }
}
