//! `std::sync::Arc`.

use super::shapes::{shape_methods, shapes};
use super::slot::Slot;
use super::{Parallel, Subject};
use std::sync::{Arc as Handle, Mutex, Weak};

/// `std::sync::Arc`, which leaks cycles that are not taken apart by hand.
#[derive(Debug)]
pub(crate) enum Arc {}

shapes! {
    traced: {},
    handle: Handle,
    weak: Weak,
    cell: Mutex,
    up: Weak,
}

impl Subject for Arc {
    const NAME: &'static str = "Arc";
    const COLLECTS: bool = false;

    shape_methods! { handle: Handle, weak: Weak, cell: Mutex, to_up: Handle::downgrade, }
}

impl Parallel for Arc {}
