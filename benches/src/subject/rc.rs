//! `std::rc`.

use super::shapes::{shape_methods, shapes, weak_methods};
use super::slot::{Handle as _, Slot, plain_handle};
use super::{Subject, Weakly};
use std::cell::RefCell;
use std::rc::{Rc as Handle, Weak};

/// `std::rc::Rc`, which leaks cycles that are not taken apart by hand.
#[derive(Debug)]
pub(crate) enum Rc {}

shapes! {
    traced: {},
    handle: Handle,
    cell: RefCell,
    up: Weak,
}

plain_handle!(Handle);

impl Subject for Rc {
    const NAME: &'static str = "Rc";
    const COLLECTS: bool = false;

    shape_methods! {
        handle: Handle,
        make: Handle::new,
        cell: RefCell,
        to_up: Handle::downgrade,
        sum: sum_by_reference,
    }
}

impl Weakly for Rc {
    weak_methods! { weak: Weak, downgrade: Handle::downgrade, }
}
