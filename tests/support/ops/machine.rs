//! What carries the operations out on one kind of heap, whose tools are in the module above.

mod check;
mod hooks;
mod mutator;
mod node;
mod world;

pub use mutator::{run, try_run};

use super::{self as gc};
use crate::ops::{Action, CALLBACKS, FREEZES, HOLDS, Op, REGISTERS, SLOTS, WEAKS, index, oracle};
