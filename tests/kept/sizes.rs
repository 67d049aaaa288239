//! What `shallow_size` and `deep_size` say is what was allocated.

use crate::HELD;
use gc_core::{Report, Trace};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CString, OsString};
use std::fmt::Debug;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

/// Bytes that `make`'s value takes when it stands in an object of the heap that `collect` collects, and
/// what both sizes say of it.
fn sizes<T, G>(
    collect: fn() -> Report,
    make: impl Fn() -> T,
    new: impl Fn(T) -> G,
    size: impl Fn(&G) -> usize,
) -> (isize, isize) {
    // No boxes are kept then: all that is made is allocated.
    assert_eq!(collect().total(), 0);
    let before = HELD.get();
    let object = new(make());
    let held = HELD.get() - before;
    let size = size(&object);
    drop(object);
    let left = HELD.get();
    drop(new(make()));
    assert_eq!(HELD.get(), left, "nothing is left but boxes for the next objects");
    (held, isize::try_from(size).expect("no size is larger"))
}

/// The checks, for one kind of heap.
macro_rules! checks {
    ($kind:ident) => {
        mod $kind {
            use super::*;
            use gc_core::$kind::{self as gc, Gc, UniqueGc};
            use gc_tests::$kind::{Value, alone};

            /// The size of what `make` makes is what is allocated, to the byte.
            #[track_caller]
            fn exact<T: Trace + Value + 'static>(make: impl Fn() -> T) {
                let (held, size) = sizes(gc::collect, make, Gc::new, gc::shallow_size);
                assert_eq!(size, held, "{}", std::any::type_name::<T>());
            }

            fn prepare() {
                // What a thread needs for its first object.
                drop(Gc::new(0));
                drop(Gc::new(vec![Gc::new(0)]).clone());
                let _ = gc::collect();
            }

            #[test]
            fn buffers_are_measured_to_the_byte() {
                alone(|| {
                    prepare();
                    exact(|| 7_u8);
                    exact(|| [1_u128; 5]);
                    exact(|| ());
                    exact(String::new);
                    exact(|| String::with_capacity(100) + "short");
                    exact(|| CString::new("text").expect("there is no zero in it"));
                    exact(|| OsString::from("text"));
                    exact(|| PathBuf::from("/some/where"));
                    exact(|| vec![1_u16; 33]);
                    exact(|| Vec::<u64>::with_capacity(10));
                    exact(|| vec![(); 10]);
                    exact(|| (0..50_u32).collect::<VecDeque<_>>());
                    exact(|| (0..50_u32).collect::<BinaryHeap<_>>());
                    exact(|| (0..50_u8).collect::<LinkedList<_>>());
                    exact(|| vec![1_u8; 9].into_boxed_slice());
                    exact(|| Box::<str>::from("text"));
                    exact(|| Box::new(7_u8) as Box<dyn Values>);
                    exact(|| Box::new(String::from("text")) as Box<dyn Values>);
                    exact(|| BufReader::with_capacity(100, std::io::Cursor::new(vec![0_u8; 10])));
                    exact(|| BufWriter::with_capacity(100, std::io::sink()));
                });
            }

            #[test]
            fn what_elements_own_is_measured_with_them() {
                alone(|| {
                    prepare();
                    exact(|| (0..9).map(|n| vec![n; n]).collect::<Vec<_>>());
                    exact(|| ["a", "bc"].map(String::from));
                    exact(|| (Some(Box::new(1_u64)), Err::<u8, _>(String::from("x")), 'c'));
                    exact(|| Mutex::new(vec![String::from("behind a lock")]));
                    exact(|| RwLock::new(vec![String::from("behind a lock")]));
                    exact(|| Mutex::new(Some(Mutex::new(Box::new(1_u64)))));
                    exact(|| OnceLock::from(String::from("set")));
                    exact(|| Cow::<'static, str>::Owned(String::from("own")));
                    exact(|| Box::pin(vec![1_u8]));
                    exact(|| std::cmp::Reverse(vec![String::from("a")]));
                    exact(|| vec![1..2_u64]);
                    exact(|| (0..9).map(|n| (n, vec![n; 3])).collect::<VecDeque<_>>());
                    exact(|| Some(UniqueGc::new(vec![String::from("only one")])));
                });
            }

            #[test]
            fn boxes_of_unsized_values_are_measured_with_what_stands_before_them() {
                alone(|| {
                    prepare();
                    let of = |object: &Gc<[String]>| gc::shallow_size(object);
                    let (held, size) =
                        sizes(gc::collect, || vec![String::from("a"); 3], Gc::<[String]>::from, of);
                    assert_eq!(size, held);
                    let of = |object: &Gc<str>| gc::shallow_size(object);
                    let (held, size) = sizes(gc::collect, || "seven b", Gc::<str>::from, of);
                    assert_eq!(size, held);
                    let of = |object: &Gc<dyn Values>| gc::shallow_size(object);
                    let boxed = || Box::new(String::from("text")) as Box<dyn Values>;
                    let (held, size) = sizes(gc::collect, boxed, Gc::<dyn Values>::from, of);
                    assert_eq!(size, held);
                    exact(|| Page([1; 5]));
                    let of = |object: &Gc<[Page]>| gc::shallow_size(object);
                    let (held, size) =
                        sizes(gc::collect, || vec![Page([1; 5])], Gc::<[Page]>::from, of);
                    assert_eq!(size, held);
                });
            }

            #[test]
            fn hash_tables_are_measured_by_their_layout() {
                alone(|| {
                    prepare();
                    let most = if cfg!(miri) { 30 } else { 1000 };
                    for len in [0, 1, 3, 4, 7, 8, 14, 15, 28, 29, 100, 1000]
                        .into_iter()
                        .filter(|len| *len <= most)
                    {
                        exact(|| (0..len).map(|n| (n as usize, n)).collect::<HashMap<_, u32>>());
                        exact(|| (0..len).map(|n| (n as u8, ())).collect::<HashMap<_, _>>());
                        exact(|| (0..len).map(|n| n.to_string()).collect::<HashSet<_>>());
                        exact(|| (0..len).map(|n| [n; 5]).collect::<HashSet<_>>());
                        exact(|| HashMap::<u64, u64>::with_capacity(len as usize));
                    }
                });
            }

            #[test]
            fn after_removals_a_hash_table_counts_for_its_entries_at_least() {
                alone(|| {
                    prepare();
                    // All of its room is taken: then what is removed leaves marks.
                    let emptied = |full: u64, keep: u64| {
                        let mut map: HashMap<u64, u64> = (0..full).map(|n| (n, n)).collect();
                        assert_eq!(map.capacity() as u64, full);
                        map.retain(|n, _| *n < keep);
                        map
                    };
                    for (full, keep) in [(3, 0), (28, 1), (448, 0), (448, 200)] {
                        let make = || emptied(full, keep);
                        let (held, size) = sizes(gc::collect, make, Gc::new, gc::shallow_size);
                        let entries = isize::try_from(keep * 16).expect("few");
                        assert!(size <= held && size >= entries, "{full}: {size} of {held}");
                    }
                });
            }

            #[test]
            fn trees_are_measured_to_the_byte_however_full_their_nodes_are() {
                alone(|| {
                    prepare();
                    let most = if cfg!(miri) { 100 } else { 5000_u32 };
                    for len in
                        [0, 1, 11, 12, 13, 100, 1000, 5000].into_iter().filter(|len| *len <= most)
                    {
                        exact(|| (0..len).collect::<BTreeSet<_>>());
                        exact(|| (0..len).map(|n| (n, n.to_string())).collect::<BTreeMap<_, _>>());
                        exact(|| grown((0..len).map(|n| (n as u16, [n; 3]))));
                        exact(|| grown((0..len).rev().map(|n| (n, ()))));
                        exact(|| grown((0..len).map(|n| (n.wrapping_mul(0x9E37_79B9), 0_u8))));
                        exact(|| {
                            let mut map = grown((0..len).map(|n| (n, u64::from(n))));
                            map.retain(|n, _| n % 3 == 0);
                            map
                        });
                    }
                });
            }

            #[test]
            fn a_deep_size_is_that_of_all_that_goes_with_the_last_handle() {
                alone(|| {
                    prepare();
                    let shared = || {
                        let (text, bytes) = (Gc::new(String::from("text")), Arc::new([1_u8; 77]));
                        let part = |n: u64| Gc::new((text.clone(), bytes.clone(), vec![n; 5]));
                        (0..20).map(part).collect::<Vec<_>>()
                    };
                    let (held, size) = sizes(gc::collect, shared, Gc::new, gc::deep_size);
                    assert_eq!(size, held);
                    let all = Gc::new(shared());
                    let parts: usize = all.iter().map(gc::shallow_size).sum();
                    let arc = 16 + 77_usize.next_multiple_of(8);
                    let of_all = gc::shallow_size(&all) + parts + gc::shallow_size(&all[0].0) + arc;
                    assert_eq!(gc::deep_size(&all), of_all);
                });
            }
        }
    };
}

checks!(unsync);
checks!(sync);

/// A trait object that may be behind any handle.
trait Values: Trace + Debug + Send + Sync {}
impl<T: Trace + Debug + Send + Sync> Values for T {}

#[derive(Clone, Trace)]
#[repr(align(64))]
struct Page([u8; 5]);

/// A map that grows entry by entry: one that is made at once has fuller nodes.
fn grown<K: Ord, V>(entries: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

#[test]
fn an_rc_is_measured_with_its_counts() {
    use gc_core::unsync::{self, Gc};
    gc_tests::unsync::alone(|| {
        drop(Gc::new(0));
        let pair = || {
            let text: Rc<str> = Rc::from("three words long");
            (text.clone(), text, Rc::new([1_u32; 3]), std::cell::RefCell::new(vec![Rc::new(())]))
        };
        let (held, size) = sizes(unsync::collect, pair, Gc::new, unsync::deep_size);
        assert_eq!(size, held);
        let (held, size) = sizes(unsync::collect, pair, Gc::new, unsync::shallow_size);
        assert!(size < held, "what is shared belongs to no object alone");
    });
}
