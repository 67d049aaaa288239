//! Values that are computed when they are first asked for.

use super::Trace;
use super::visit::{Visit as _, owner};
use std::cell::LazyCell;
use std::sync::LazyLock;

owner! {
    /// Never forced: shows nothing before its value is there, and what the
    /// initializer has captured is not traced.
    ///
    /// With Rust before 1.94 the value cannot be seen and is not traced either:
    /// a cycle through it leaks.
    {T: Trace, F} LazyCell<T, F> => [T], |this, visit| if let Some(value) = in_cell(this) {
        visit.one(value);
    };
    /// Never forced: shows nothing before its value is there, and what the
    /// initializer has captured is not traced.
    ///
    /// With Rust before 1.94 the value cannot be seen and is not traced either:
    /// a cycle through it leaks.
    {T: Trace, F} LazyLock<T, F> => [T], |this, visit| if let Some(value) = in_lock(this) {
        visit.one(value);
    };
}

/// Stands in for std's functions of the same name where they are not stable
/// yet: from Rust 1.94 on std's own are found first.
#[allow(dead_code, reason = "for older compilers")]
trait Get<T> {
    fn get(this: &Self) -> Option<&T>;
}

impl<T, F> Get<T> for LazyCell<T, F> {
    fn get(_: &Self) -> Option<&T> {
        None
    }
}

impl<T, F> Get<T> for LazyLock<T, F> {
    fn get(_: &Self) -> Option<&T> {
        None
    }
}

/// The value, if it is there.
#[allow(unstable_name_collisions, clippy::incompatible_msrv, reason = "see `Get`")]
fn in_cell<T, F>(cell: &LazyCell<T, F>) -> Option<&T> {
    LazyCell::get(cell)
}

/// The value, if it is there.
#[allow(unstable_name_collisions, clippy::incompatible_msrv, reason = "see `Get`")]
fn in_lock<T, F>(lock: &LazyLock<T, F>) -> Option<&T> {
    LazyLock::get(lock)
}
