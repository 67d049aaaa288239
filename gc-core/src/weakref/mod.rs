//! Collections whose entries go when their objects die, generic over how counts are kept. Use them
//! through the aliases in [`sync`](crate::sync) and [`unsync`](crate::unsync).

mod table;
