//! `std::sync::Arc`.

use super::shapes::{shape_methods, shapes, weak_methods};
use super::slot::{Handle as _, Slot, plain_handle};
use super::{Parallel, Subject, Weakly};
use std::sync::{Arc as Handle, Mutex, Weak};

/// `std::sync::Arc`, which leaks cycles that are not taken apart by hand.
#[derive(Debug)]
pub(crate) enum Arc {}

shapes! {
    traced: {},
    handle: Handle,
    cell: Mutex,
    up: Weak,
}

plain_handle!(Handle);

impl Subject for Arc {
    const NAME: &'static str = "Arc";
    const COLLECTS: bool = false;

    shape_methods! {
        handle: Handle,
        make: Handle::new,
        cell: Mutex,
        to_up: Handle::downgrade,
        sum: sum_by_reference,
    }
}

impl Weakly for Arc {
    weak_methods! { weak: Weak, downgrade: Handle::downgrade, }
}

impl Parallel for Arc {}
