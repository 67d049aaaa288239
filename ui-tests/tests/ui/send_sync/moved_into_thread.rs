use gc_core::unsync::Gc;

fn main() {
    let gc = Gc::new(1);
    std::thread::spawn(move || println!("{gc}"));
}
