use gc_core::{Trace, unsync::UniqueGc};

#[derive(Trace)]
struct Text<'a>(&'a str);

fn shorten<'a>(unique: UniqueGc<Text<'static>>) -> UniqueGc<Text<'a>> {
    unique
}

fn main() {}
