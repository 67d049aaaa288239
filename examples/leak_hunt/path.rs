//! Who holds an object? Python's `gc.get_referrers` searches all objects for an answer. Here the
//! search goes the way of the handles: from something that is known to be held, to the object.

use gc_core::sync::AnyGc;
use std::collections::{HashMap, VecDeque};

/// The objects on the shortest way from `root` to `target`, both included; none if there is no way.
pub(crate) fn find(root: AnyGc, target: &AnyGc) -> Vec<AnyGc> {
    // From where each object was reached first, by address. The handles keep the addresses.
    let mut found: HashMap<*const (), Option<AnyGc>> = HashMap::from([(root.as_ptr(), None)]);
    let mut todo = VecDeque::from([root]);
    while let Some(object) = todo.pop_front() {
        if object.ptr_eq(target) {
            return way_to(object, &found);
        }
        for held in object.referents() {
            found.entry(held.as_ptr()).or_insert_with(|| {
                todo.push_back(held);
                Some(object.clone())
            });
        }
    }
    Vec::new()
}

/// The way back from an object, turned round.
fn way_to(object: AnyGc, found: &HashMap<*const (), Option<AnyGc>>) -> Vec<AnyGc> {
    let mut way = vec![object];
    while let Some(Some(holder)) = way.last().and_then(|object| found.get(&object.as_ptr())) {
        way.push(holder.clone());
    }
    way.reverse();
    way
}

/// The last part of an object's type: `Context`.
pub(crate) fn short_name(object: &AnyGc) -> &'static str {
    let name = object.type_name();
    name.rsplit("::").next().unwrap_or(name)
}
