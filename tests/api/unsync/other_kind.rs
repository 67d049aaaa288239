//! Objects of the other kind of heap.

use gc_core::{sync, unsync};

#[test]
fn they_are_no_referents() {
    let both = unsync::Gc::new((unsync::Gc::new(1), sync::Gc::new(2)));
    let found = unsync::referents(&both);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].downcast_ref(), Some(&1));
}
