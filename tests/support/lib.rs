//! What the tests of gc-core share.
//!
//! A contract that holds for every kind of heap is written once, against a module
//! that carries gc-core's module and the tools around it ([`unsync`] and `sync`); the
//! test binaries list their contracts in a `suite!` macro and call it once for
//! each such module. Here are those tools: nodes that log what happens to them
//! ([`unsync::Node`], [`Log`]), the listener for swallowed panics
//! ([`unraisable`]) and for what collections tell ([`sink`]), children that may abort ([`process`]), and random
//! operations with their oracle ([`ops`]).

#![allow(clippy::duplicate_mod, reason = "the same text for each kind of heap")]

mod log;

pub mod ops;
pub mod process;
pub mod sink;
pub mod sync;
pub mod unraisable;
pub mod unsync;

pub use log::{Event, Log};

/// A thread to be, with a stack of so many bytes or the usual one.
fn thread(stack: Option<usize>) -> std::thread::Builder {
    let thread = std::thread::Builder::new();
    match stack {
        Some(bytes) => thread.stack_size(bytes),
        None => thread,
    }
}

/// Panics with `message` and without a word on standard error.
pub fn bang(message: &'static str) -> ! {
    std::panic::resume_unwind(Box::new(message))
}

/// Runs `f` and gives back the message of its panic, or `None` if it had none.
pub fn caught(f: impl FnOnce()) -> Option<&'static str> {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).err()?;
    Some(payload.downcast_ref::<&'static str>().copied().unwrap_or("another payload"))
}

/// Fails to compile unless the type has the trait.
#[macro_export]
macro_rules! assert_impl {
    ($type:ty: $($trait:path),+) => {
        const _: fn() = || {
            fn has<T: ?Sized $(+ $trait)+>() {}
            has::<$type>();
        };
    };
}

/// Fails to compile if the type has the trait: the name of the item is then ambiguous.
#[macro_export]
macro_rules! assert_not_impl {
    ($type:ty: $trait:path) => {
        const _: fn() = || {
            trait AmbiguousIfBoth<A> {
                fn item() {}
            }
            impl<T: ?Sized> AmbiguousIfBoth<()> for T {}
            struct Second;
            impl<T: ?Sized + $trait> AmbiguousIfBoth<Second> for T {}
            let _ = <$type as AmbiguousIfBoth<_>>::item;
        };
    };
}
