//! Values that are computed when they are first asked for.

use super::Trace;
use super::visit::{Visit as _, owner};
use std::cell::LazyCell;
use std::sync::LazyLock;

owner! {
    /// Never forced: shows nothing before its value is there, and what the
    /// initializer has captured is not traced.
    {T: Trace, F} LazyCell<T, F> => [T], |this, visit| if let Some(value) = LazyCell::get(this) {
        visit.one(value);
    };
    /// Never forced: shows nothing before its value is there, and what the
    /// initializer has captured is not traced.
    {T: Trace, F} LazyLock<T, F> => [T], |this, visit| if let Some(value) = LazyLock::get(this) {
        visit.one(value);
    };
}
