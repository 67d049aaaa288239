use gc_core::Trace;

#[derive(Trace)]
#[repr(C, packed)]
struct Header {
    kind: u8,
    length: u32,
}

fn main() {}
