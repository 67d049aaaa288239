//! The derive finds the type's own `Debug`, where there is one for all arguments, and asks for none.
#![forbid(unsafe_code)]
#![deny(warnings, unused, unused_qualifications, trivial_bounds, missing_debug_implementations)]
#![deny(elided_lifetimes_in_paths, single_use_lifetimes, unused_imports)]

use gc_core::Trace;
use gc_core::unsync::{AnyGc, Gc};
use std::fmt;
use std::marker::PhantomData;

#[derive(Debug, Trace)]
struct Plain(u8);

mod silent {
    #![allow(missing_debug_implementations)]
    use gc_core::Trace;

    #[derive(Trace)]
    pub struct Silent(pub u8);

    #[derive(Trace)]
    pub struct Holds<T>(pub T);
}

// A `Debug` of another shape than the type's own bounds.
#[derive(Trace)]
struct Numbered<'a, T, const N: usize>([T; N], PhantomData<&'a u8>);

impl<T, const N: usize> fmt::Debug for Numbered<'_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N} of them")
    }
}

// One for some arguments only: it is not asked for.
#[derive(Trace)]
struct Only<T>(T);

impl fmt::Debug for Only<u8> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "only {}", self.0)
    }
}

// And for some lifetimes only.
#[derive(Trace)]
struct Static<'a>(&'a str);

impl fmt::Debug for Static<'static> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

// A recursive type, whose `Debug` asks for that of its parameter.
#[derive(Debug, Trace)]
#[trace(bound = "T: Trace + fmt::Debug")]
struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

// Unsized.
#[derive(Debug, Trace)]
struct Tail<T: ?Sized>(u8, T);

// Methods of that name of somebody else's.
trait Other {
    fn debug_within(&self) -> u8;
    fn fmt(&self) -> u8;
    fn __gc_debug(&self) -> u8;
}

impl<T> Other for T {
    fn debug_within(&self) -> u8 {
        1
    }
    fn fmt(&self) -> u8 {
        2
    }
    fn __gc_debug(&self) -> u8 {
        3
    }
}

mod with_other_in_scope {
    use super::{Other, Trace};

    #[derive(Debug, Trace)]
    pub struct Named(pub u8);

    pub fn sum() -> u8 {
        Other::debug_within(&1) + Other::fmt(&1) + 1_u8.__gc_debug()
    }
}

fn text<T: ?Sized>(gc: Gc<T>) -> Option<String> {
    AnyGc::from(gc).debug_text()
}

fn main() {
    assert_eq!(text(Gc::new(Plain(1))).unwrap(), "Plain(1)");
    assert_eq!(text(Gc::new(silent::Silent(1))), None);
    assert_eq!(text(Gc::new(silent::Holds(silent::Silent(1)))), None);
    assert_eq!(text(Gc::new(Numbered([silent::Silent(1)], PhantomData))).unwrap(), "1 of them");
    assert_eq!(text(Gc::new(Only(1_u8))), None);
    assert_eq!(format!("{:?}", Only(1)), "only 1");
    assert_eq!(text(Gc::new(Static("for ever"))).unwrap(), "for ever");
    let tree = Tree { value: 1, children: Vec::new() };
    assert_eq!(text(Gc::new(tree)).unwrap(), "Tree { value: 1, children: [] }");
    let tail: Gc<Tail<[u8]>> = gc_core::coerce!(Gc::new(Tail(1, [2_u8, 3])));
    assert_eq!((tail.0, tail.1.len()), (1, 2));
    assert_eq!(text(tail), None);
    assert_eq!(text(Gc::new(with_other_in_scope::Named(1))).unwrap(), "Named(1)");
    assert_eq!((with_other_in_scope::sum(), silent::Silent(1).0, silent::Holds(1).0), (6, 1, 1));
}
