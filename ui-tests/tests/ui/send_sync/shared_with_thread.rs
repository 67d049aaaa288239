use gc_core::unsync::Gc;

fn main() {
    let gc = Gc::new(1);
    std::thread::scope(|scope| {
        scope.spawn(|| println!("{gc}"));
    });
}
