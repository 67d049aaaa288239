//! Floating-point numbers with a total order.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, leaf, owner};
use ordered_float::{FloatIsNan, NotNan, OrderedFloat};

owner! {
    /// May be made of any type, not only of numbers.
    {T: Trace} OrderedFloat<T> => [T], |this, visit| visit.one(&this.0);
}

leaf! {
    /// A leaf: it is only made of numbers, which are `Copy`.
    {T} NotNan<T>,
    FloatIsNan,
}
