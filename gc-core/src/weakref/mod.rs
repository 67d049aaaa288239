//! What is built on weak handles: collections whose entries go when their objects die, and functions
//! that run then; generic over how counts are kept. Use it through the aliases in [`sync`](crate::sync) and [`unsync`](crate::unsync).

mod equivalence;
mod exit;
mod finalizer;
mod interner;
mod key;
pub mod key_map;
mod set;
mod set_ops;
mod table;
mod value_map;
mod value_map_entry;
mod value_map_iter;
mod weak_key;

pub use equivalence::{ByIdentity, ByValue, Equivalence};
pub use exit::ExitGuard;
pub use finalizer::Finalizer;
pub use interner::Interner;
pub use key::Key;
pub use key_map::WeakKeyMap;
pub use set::{SetIter, WeakSet};
pub use value_map::WeakValueMap;
pub use value_map_entry::{Entry, OccupiedEntry, VacantEntry};
pub use value_map_iter::Iter;
pub use weak_key::WeakKey;
