//! gc-core under another name: an alias, a path, and (the package beside this one) a dependency.

use gc_core as other;

mod reexported {
    pub mod deep {
        pub use gc_core as engine;
    }
}

#[derive(other::Trace)]
#[trace(crate = other)]
struct Aliased<T> {
    value: T,
    next: Option<other::unsync::Gc<Aliased<T>>>,
}

#[derive(reexported::deep::engine::Trace)]
#[trace(crate = crate::reexported::deep::engine, leaf)]
struct Reexported;

#[derive(gc_core::Trace)]
#[trace(crate = ::gc_core)]
struct Absolute;

fn main() {
    drop(other::unsync::Gc::new(Aliased { value: Reexported, next: None }));
    drop(other::unsync::Gc::new(Absolute));
    let name = String::new();
    let node = gc_ui_tests_renamed::Node { value: 1, next: None, log: None, name };
    drop(gc_core::unsync::Gc::new(node));
}
