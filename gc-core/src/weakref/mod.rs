//! Collections whose entries go when their objects die, generic over how counts are kept. Use them
//! through the aliases in [`sync`](crate::sync) and [`unsync`](crate::unsync).

mod equivalence;
mod interner;
mod key;
mod set;
mod set_ops;
mod table;
mod value_map;
mod value_map_entry;
mod weak_key;

pub use equivalence::{ByIdentity, ByValue, Equivalence};
pub use interner::Interner;
pub use key::Key;
pub use set::{SetIter, WeakSet};
pub use value_map::{Iter, WeakValueMap};
pub use value_map_entry::{Entry, OccupiedEntry, VacantEntry};
pub use weak_key::WeakKey;
