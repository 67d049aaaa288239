use gc_core::{coerce, unsync::UniqueGc};

fn shorten<'a>(unique: UniqueGc<&'static str>) -> UniqueGc<&'a str> {
    coerce!(unique)
}

fn main() {}
