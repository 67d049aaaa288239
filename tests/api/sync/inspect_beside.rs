//! What objects refer to, asked for beside other threads.

use super::{beside, gc::alone};
use gc_core::Trace;
use gc_core::sync::{self, AnyGc, AtomicGc, AtomicOptionGc, Gc};

#[test]
fn slots_show_what_is_in_them() {
    alone(|| {
        let pair = Gc::new((AtomicGc::new(Gc::new(1)), AtomicOptionGc::<i32>::none()));
        let found = sync::referents(&pair);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].downcast_ref(), Some(&1));
        pair.1.store(Some(Gc::new(2)));
        assert_eq!(sync::referents(&pair).len(), 2);
    });
}

#[test]
fn slots_that_change_are_shown_beside_collections() {
    alone(|| {
        #[derive(Trace)]
        struct Node {
            number: u32,
            next: AtomicOptionGc<Node>,
        }
        fn node(number: u32) -> Gc<Node> {
            Gc::new(Node { number, next: AtomicOptionGc::none() })
        }

        let first = node(0);
        let slots = first.clone();
        let mut number = 0;
        // In and out of the slot of a candidate that is held, and into cycles that are not.
        let change = || {
            number += 1;
            let next = node(number);
            next.next.store(Some(slots.clone()));
            slots.next.store(Some(next.clone()));
            next.next.store(Some(next.clone()));
        };
        beside(change, || {
            for _ in 0..300 {
                let found: Vec<AnyGc> = sync::referents(&first);
                for object in found.iter().flat_map(AnyGc::referents) {
                    let node = object.downcast::<Node>().expect("a node");
                    assert!(node.number > 0 || Gc::ptr_eq(&node, &first));
                }
                let _ = sync::collect();
            }
        });
        first.next.store(None);
        drop(slots);
        drop(first);
        let _ = sync::collect();
        assert_eq!(sync::collect().total(), 0);
    });
}
