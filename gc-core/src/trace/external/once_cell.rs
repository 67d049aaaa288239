//! Cells that are set once, and values that are computed when they are first asked for.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, owner};
use once_cell::{sync, unsync};

owner! {
    {T: Trace} unsync::OnceCell<T> => [T], |this, visit| if let Some(value) = this.get() {
        visit.one(value);
    };
    /// Needs no lock: what is set stays.
    {T: Trace} sync::OnceCell<T> => [T], |this, visit| if let Some(value) = this.get() {
        visit.one(value);
    };
    /// Never forced: shows nothing before its value is there, and what the
    /// initializer has captured is not traced.
    {T: Trace, F: FnOnce() -> T} unsync::Lazy<T, F> => [T],
        |this, visit| if let Some(value) = unsync::Lazy::get(this) {
            visit.one(value);
        };
    /// Never forced: shows nothing before its value is there, and what the
    /// initializer has captured is not traced.
    {T: Trace, F: FnOnce() -> T} sync::Lazy<T, F> => [T],
        |this, visit| if let Some(value) = sync::Lazy::get(this) {
            visit.one(value);
        };
}
