//! `std::rc`.

use super::Subject;
use super::shapes::{shape_methods, shapes};
use super::slot::Slot;
use std::cell::RefCell;
use std::rc::{Rc as Handle, Weak};

/// `std::rc::Rc`, which leaks cycles that are not taken apart by hand.
#[derive(Debug)]
pub(crate) enum Rc {}

shapes! {
    traced: {},
    handle: Handle,
    weak: Weak,
    cell: RefCell,
    up: Weak,
}

impl Subject for Rc {
    const NAME: &'static str = "Rc";
    const COLLECTS: bool = false;

    shape_methods! { handle: Handle, weak: Weak, cell: RefCell, to_up: Handle::downgrade, }
}
