use gc_core::{coerce, unsync::UniqueGc};

fn widen(unique: UniqueGc<for<'a> fn(&'a u8)>) -> UniqueGc<fn(&'static u8)> {
    coerce!(unique)
}

fn main() {}
