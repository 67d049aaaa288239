//! One object a row: which objects there are, without keeping them alive.

use crate::database::PackageId;
use crate::model::Package;
use gc_core::unsync::{Gc, WeakCallback};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Weak handles to the living packages by key: Python's `WeakValueDictionary`.
///
/// Each entry is a weak handle with a callback that takes the entry out again
/// when its package dies, so the map is never larger than the number of packages.
///
/// The callbacks run wherever a package dies, and they borrow the map. So no
/// method here makes or drops a strong handle while it has the map borrowed mutably.
#[derive(Default)]
pub(crate) struct IdentityMap {
    entries: RefCell<HashMap<PackageId, WeakCallback<Package>>>,
}

impl IdentityMap {
    /// The living object for this row.
    ///
    /// It may be garbage that no collection has found yet. Then this saves it,
    /// and that is right: it holds changes that are not in its row.
    pub(crate) fn get(&self, id: PackageId) -> Option<Gc<Package>> {
        self.entries.borrow().get(&id)?.upgrade()
    }

    /// Makes `package` the object for its row.
    pub(crate) fn insert(self: &Rc<Self>, package: &Gc<Package>) {
        let id = package.id();
        // A strong handle in here would be a cycle through an `Rc`: the map owns the callback.
        let map = Rc::downgrade(self);
        let entry = Gc::downgrade_with(package, move || {
            if let Some(map) = map.upgrade() {
                map.entries.borrow_mut().remove(&id);
            }
        });
        self.entries.borrow_mut().insert(id, entry);
    }

    /// All living objects.
    pub(crate) fn living(&self) -> Vec<Gc<Package>> {
        self.entries.borrow().values().filter_map(WeakCallback::upgrade).collect()
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }
}
