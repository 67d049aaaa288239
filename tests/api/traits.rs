//! The traits that a handle has because its value has them, as with `Rc`.

use super::gc::{alone, Gc, Node, UniqueGc, Weak, WeakCallback};
use gc_tests::Log;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};

#[test]
fn equality_and_order_are_those_of_the_values() {
    alone(|| {
        let (one, also_one, two) = (Gc::new(1), Gc::new(1), Gc::new(2));
        assert!(one == also_one && one != two);
        assert!(one < two && one <= also_one);
        assert!(two > one && also_one >= one);
        assert_eq!(one.cmp(&two), Ordering::Less);
        let nan = Gc::new(f64::NAN);
        assert!(nan != nan.clone(), "not even to itself: it is the value that is asked");
        assert_eq!(nan.partial_cmp(&Gc::new(1.0)), None);
        assert_eq!(Gc::<str>::from("a").cmp(&Gc::from("b")), Ordering::Less);
    });
}

#[test]
fn hashes_are_those_of_the_values() {
    alone(|| {
        fn hash(value: &(impl Hash + ?Sized)) -> u64 {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            hasher.finish()
        }
        assert_eq!(hash(&Gc::new(5_u32)), hash(&5_u32));
        assert_eq!(hash(&Gc::<str>::from("spam")), hash("spam"));
        let mut map = HashMap::new();
        map.insert(Gc::<str>::from("key"), 1);
        assert_eq!(map.get("key"), Some(&1), "by way of Borrow");
        let set: BTreeSet<_> = [3, 1, 2, 1].map(Gc::new).into();
        assert_eq!(set.iter().map(|gc| **gc).collect::<Vec<_>>(), [1, 2, 3]);
        let set: HashSet<_> = [3, 1, 2, 1].map(Gc::new).into();
        assert_eq!(set.len(), 3);
    });
}

#[test]
fn formats_are_those_of_the_values() {
    alone(|| {
        let text = Gc::<str>::from("a\"b");
        assert_eq!((format!("{text}"), format!("{text:?}")), ("a\"b".into(), "\"a\\\"b\"".into()));
        assert_eq!(format!("{:>5}|{:#06x?}", Gc::new(7), Gc::new(255)), "    7|0x00ff");
        let gc = Gc::new(7);
        assert_eq!(format!("{gc:p}"), format!("{:p}", Gc::as_ptr(&gc)));
        assert_eq!(format!("{:?}", UniqueGc::new(8)), "8");
        assert_eq!(format!("{:?}", Gc::downgrade(&gc)), "(Weak)");
        let callback: WeakCallback<i32> = Gc::downgrade_with(&gc, || ());
        assert_eq!(format!("{callback:?}"), "(WeakCallback)");
    });
}

#[test]
fn debug_of_a_cycle_through_a_weak_handle_ends() {
    alone(|| {
        #[derive(Debug)]
        #[expect(dead_code, reason = "Debug reads it")]
        struct Me(Weak<Node>);
        let node = Node::new(1, &Log::new());
        let me = Me(Gc::downgrade(&node));
        assert_eq!(format!("{me:?}"), "Me((Weak))");
    });
}

#[test]
fn references_and_defaults() {
    alone(|| {
        let gc: Gc<String> = Gc::default();
        assert_eq!(*gc, "");
        assert_eq!(Gc::<str>::default().len() + Gc::<[u8]>::default().len(), 0);
        let text = Gc::new("x".to_owned());
        let as_ref: &String = text.as_ref();
        let borrowed: &String = text.borrow();
        assert!(std::ptr::eq(as_ref, &*text) && std::ptr::eq(borrowed, &*text));
        assert_eq!(text.len(), 1, "deref reaches the value's methods");
    });
}

#[derive(Debug)]
struct Outer(fmt::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn an_error_stays_one() {
    alone(|| {
        fn shown(error: &dyn Error) -> (String, Option<String>) {
            (error.to_string(), error.source().map(ToString::to_string))
        }
        let gc = Gc::new_opaque(Outer(fmt::Error));
        assert_eq!(shown(&gc), shown(&*gc));
        assert_eq!(shown(&gc).0, "outer");
    });
}

#[test]
fn methods_of_the_value_are_not_shadowed() {
    alone(|| {
        struct Same;
        impl Same {
            fn strong_count(&self) -> &'static str {
                "the value's"
            }
            fn downgrade(&self) -> &'static str {
                "the value's too"
            }
        }
        let gc = Gc::new_opaque(Same);
        assert_eq!((gc.strong_count(), gc.downgrade()), ("the value's", "the value's too"));
        assert_eq!(Gc::strong_count(&gc), 1);
    });
}
