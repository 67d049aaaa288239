//! The pool by itself, so that Miri and the sanitizers see it, for whom boxes are not kept.

use super::super::alloc::allocate;
use super::*;

/// That of boxes of so many bytes.
fn class(size: usize) -> Class {
    let layout = Layout::from_size_align(size, MIN_ALIGN).expect("a layout");
    Class::of(layout).expect("such boxes are kept")
}

/// An open pool, which gives back what it has in the end.
struct Thread(Pool);

impl Drop for Thread {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Thread {
    fn new() -> Self {
        let thread = Thread(Pool::new());
        thread.0.open();
        thread
    }

    /// The end of a box. Whether it was kept.
    fn end(&self, block: NonNull<u8>, class: Class) -> bool {
        // SAFETY: tests end each block once, with the class that it was made with.
        let kept = unsafe { self.0.put(block, class) };
        if !kept {
            // SAFETY: as above.
            unsafe { free_block(block, class.layout()) };
        }
        kept
    }

    /// Ends so many new boxes.
    fn fill(&self, class: Class, count: usize) {
        let blocks: Vec<_> = (0..count).map(|_| allocate(class.layout())).collect();
        blocks.into_iter().for_each(|block| assert!(self.end(block, class)));
    }

    /// Ends new boxes until there is no room, and tells how many bytes are kept.
    fn fill_up(&self, class: Class) -> usize {
        while self.end(allocate(class.layout()), class) {}
        self.0.held()
    }
}

#[test]
fn which_boxes_are_kept() {
    let kept = |size, align| Class::of(Layout::from_size_align(size, align).expect("a layout"));
    for size in [16, 20, 24, 56, 72, 252, 256] {
        assert_eq!(kept(size, 16).map(Class::layout), Layout::from_size_align(size, 16).ok());
    }
    for (size, align) in [(12, 16), (17, 16), (18, 16), (260, 16), (1 << 20, 16), (64, 32)] {
        assert_eq!(kept(size, align), None, "{size} bytes, aligned to {align}");
    }
}

#[test]
fn what_came_last_is_taken_first_and_classes_do_not_mix() {
    let (thread, short, long) = (Thread::new(), class(24), class(28));
    let blocks = [(); 2].map(|()| allocate(short.layout()));
    assert!(blocks.iter().all(|block| thread.end(*block, short)));
    assert_eq!((thread.0.take(long), thread.0.held()), (None, 48));
    assert_eq!(thread.0.take(short), Some(blocks[1]));
    assert_eq!(thread.0.take(short), Some(blocks[0]));
    assert_eq!((thread.0.take(short), thread.0.held()), (None, 0));
    blocks.iter().for_each(|block| assert!(thread.end(*block, short)));
}

/// What stood there before is of no meaning, and all of the block may be written.
#[test]
fn a_block_takes_a_value_of_any_type_after_another() {
    let (thread, class) = (Thread::new(), class(48));
    let block = allocate(class.layout());
    // SAFETY: the block is that long, and aligned to 16.
    unsafe { block.cast::<[u128; 3]>().write([u128::MAX; 3]) };
    assert!(thread.end(block, class));
    for text in ["one", "two"] {
        let place = thread.0.take(class).expect("it is there").cast::<(u64, String, u64)>();
        // SAFETY: as above; the block is the test's since it was taken.
        unsafe { place.write((1, text.to_string(), 2)) };
        // SAFETY: it was just written.
        let value = unsafe { place.read() };
        assert_eq!(value, (1, text.to_string(), 2));
        assert!(thread.end(place.cast(), class));
    }
}

#[test]
fn deaths_by_count_find_little_room_and_collections_much() {
    let (thread, class) = (Thread::new(), class(256));
    assert_eq!(thread.fill_up(class), FEW);
    thread.0.begin_collection(false);
    assert_eq!(thread.fill_up(class), MANY);
    thread.0.end_collection();
    // What was taken may come back, and nothing beyond that.
    let block = thread.0.take(class).expect("there are many");
    assert!(thread.end(block, class));
    assert_eq!(thread.fill_up(class), MANY);
}

#[test]
fn what_was_not_needed_between_two_collections_goes_back() {
    let (thread, class) = (Thread::new(), class(32));
    thread.fill(class, 10);
    thread.0.begin_collection(false);
    thread.fill(class, 5);
    thread.0.end_collection();
    assert_eq!(thread.0.held(), 15 * 32);
    // Those of the collection first, then three of the others.
    let taken: Vec<_> = (0..8).map(|_| thread.0.take(class).expect("enough")).collect();
    taken.into_iter().for_each(|block| assert!(thread.end(block, class)));
    thread.0.begin_collection(false);
    assert_eq!(thread.0.held(), 8 * 32, "the seven that nobody has taken are gone");
    thread.0.end_collection();
    thread.0.begin_collection(false);
    assert_eq!(thread.0.held(), 0);
    thread.0.end_collection();
}

#[test]
fn a_full_collection_that_was_asked_for_keeps_only_what_it_ends_itself() {
    let (thread, class) = (Thread::new(), class(64));
    thread.fill(class, 10);
    thread.0.begin_collection(false);
    thread.fill(class, 10);
    thread.0.end_collection();
    thread.0.begin_collection(true);
    assert_eq!(thread.0.held(), 0);
    thread.fill(class, 3);
    thread.0.end_collection();
    assert_eq!(thread.0.held(), 3 * 64);
    thread.0.begin_collection(true);
    thread.0.end_collection();
    assert_eq!((thread.0.held(), thread.0.take(class)), (0, None));
}

#[test]
fn what_a_collection_has_left_is_the_room_until_the_next() {
    let (thread, class) = (Thread::new(), class(128));
    thread.0.begin_collection(false);
    thread.fill(class, 2 * FEW / 128);
    thread.0.end_collection();
    assert_eq!(thread.fill_up(class), 2 * FEW);
    thread.0.begin_collection(true);
    thread.0.end_collection();
    assert_eq!(thread.fill_up(class), FEW);
}

#[test]
fn nothing_is_kept_before_the_thread_s_end_is_attended_to_nor_after_it() {
    let (thread, class) = (Thread(Pool::new()), class(16));
    let fails = || !thread.end(allocate(class.layout()), class);
    assert!(thread.0.is_new() && fails());
    thread.0.begin_collection(false);
    assert!(fails());
    // The first box of all died in a collection.
    thread.0.open();
    assert!(!fails() && !thread.0.is_new());
    assert_eq!(thread.fill_up(class), MANY);
    thread.0.end_collection();
    thread.0.close();
    assert_eq!((thread.0.held(), thread.0.take(class)), (0, None));
    thread.0.open();
    thread.0.begin_collection(false);
    assert!(fails());
    thread.0.end_collection();
    assert!(fails());
}
