//! How candidates come into a snapshot.

use super::snapshot::Snapshot;
use crate::gc_box::Object;
use crate::heap::{Heap, MANY, Reach, Room, Space};
use crate::primitive::mutated;
use crate::sharing::Head;

impl<S: Space> Room<S> for (&Heap<S>, &mut Snapshot<S>) {
    fn make(&mut self, more: usize) -> bool {
        let (heap, snapshot) = self;
        snapshot.make_room(heap, more).is_ok()
    }

    fn next_number(&self) -> u32 {
        self.1.next_number()
    }

    fn enter(&mut self, object: Object<S>) {
        self.1.push(object);
    }

    fn complete(&mut self) {
        let Snapshot { objects, graph, .. } = &mut self.1;
        let many = objects.len() >= MANY;
        if many {
            objects.sort_unstable_by_key(|object| object.as_erased());
        }
        for (number, object) in (0..).zip(objects.iter()) {
            if many {
                object.head().set_slot(number);
            }
            // A drop that was told of by an entry that has been taken off since may have made garbage
            // of an object that was counted before, and had one handle more or less then.
            if !mutated!("counted_before_drain") {
                graph.recount(number, object.head().handles());
            }
        }
    }

    fn ends(&mut self, candidate: Object<S>, reach: Reach) -> Option<usize> {
        let Snapshot { small, found, .. } = &mut *self.1;
        small.ends(candidate, reach, found)
    }
}
