//! What is frozen, and collections beside that.

use super::gc::{self, Node, alone, self_loop};
use gc_core::Generation;
use gc_tests::Log;

/// A full collection took what only frozen objects held for alive, and nobody thought of it again
/// when these were no longer frozen.
#[test]
fn garbage_in_a_cycle_with_what_was_frozen_was_lost() {
    alone(|| {
        let log = Log::new();
        let old = Node::new(0, &log);
        gc::freeze();
        let new = Node::new(1, &log);
        old.link(&new);
        // The frozen one never loses a handle.
        new.give(old);
        drop(new);
        assert_eq!(gc::collect().collected, 0, "a frozen object holds it");
        assert_eq!(gc::collect().candidates, 1, "which is not for ever");
        gc::unfreeze();
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((log.dropped().len(), gc::live()), (2, 0));
    });
}

#[test]
fn with_nothing_frozen_survivors_of_a_full_collection_are_forgotten() {
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        gc::freeze();
        gc::unfreeze();
        drop(node.clone());
        assert_eq!(gc::collect_generation(Generation::Old).candidates, 1);
        assert_eq!(gc::collect().candidates, 0);
        drop(node);
        assert_eq!(gc::collect().collected, 1);
    });
}
