use gc_core::sync::Gc;
use std::cell::Cell;

fn send(gc: Gc<Cell<u8>>) {
    std::thread::spawn(move || gc.set(1));
}

fn main() {
    let _ = send;
}
