//! One of two values.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, owner};
use either::Either;

owner! {
    {L: Trace, R: Trace} Either<L, R> => [L, R], |this, visit| match this {
        Either::Left(value) => visit.one(value),
        Either::Right(value) => visit.one(value),
    };
}
