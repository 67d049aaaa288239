use gc_core::{coerce, sync::Gc};
use std::fmt::Display;

fn main() {
    let gc: Gc<dyn Display> = coerce!(Gc::new(1));
    std::thread::spawn(move || println!("{gc}"));
}
