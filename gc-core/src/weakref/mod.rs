//! Collections whose entries go when their objects die, generic over how counts are kept. Use them
//! through the aliases in [`sync`](crate::sync) and [`unsync`](crate::unsync).

pub mod key_map;
mod keying;
mod table;

pub use key_map::WeakKeyMap;
pub use keying::{ByIdentity, ByValue, Keying};
