//! What is built on weak handles. Use it through the aliases in [`sync`](crate::sync) and
//! [`unsync`](crate::unsync).

mod exit;
mod finalizer;

pub use exit::ExitGuard;
pub use finalizer::Finalizer;
