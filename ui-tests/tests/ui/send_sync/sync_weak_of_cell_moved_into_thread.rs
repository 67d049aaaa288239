use gc_core::sync::Weak;
use std::cell::Cell;

fn send(weak: Weak<Cell<u8>>) {
    std::thread::spawn(move || weak.upgrade().is_none());
}

fn main() {
    let _ = send;
}
