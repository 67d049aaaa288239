//! Which types are leaves, as a table.

use super::{NONE, Probe, edges, probe};
use crate::{Depth, Trace};
use std::any::TypeId;
use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::cmp::{self, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::io::{BufReader, BufWriter, Cursor, Stdout};
use std::marker::{PhantomData, PhantomPinned};
use std::mem::{Discriminant, ManuallyDrop};
use std::num::*;
use std::ops::{Bound, ControlFlow, Range, RangeFull, RangeInclusive};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, ExitStatus};
use std::ptr::NonNull;
use std::rc::{self, Rc};
use std::sync::atomic::*;
use std::sync::mpsc::{Receiver, Sender, SyncSender};
use std::sync::{self, Arc, Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::task::{Poll, Waker};
use std::thread::{JoinHandle, Thread, ThreadId};
use std::time::{Duration, Instant, SystemTime};
use std::{alloc, fs, hash, io, net, panic};

/// Something without an implementation of `Trace`.
struct Opaque;

macro_rules! leaves {
    ($($type:ty),+ $(,)?) => {$(
        assert!(<$type>::is_leaf(Depth::START), "{} is a leaf", stringify!($type));
    )+};
}

macro_rules! no_leaves {
    ($($type:ty),+ $(,)?) => {$(
        assert!(!<$type>::is_leaf(Depth::START), "{} is no leaf", stringify!($type));
    )+};
}

macro_rules! no_finalizers {
    ($($type:ty),+ $(,)?) => {$(
        assert!(!<$type>::may_finalize(Depth::START), "{} has no finalizer", stringify!($type));
    )+};
}

#[test]
fn scalars_are_leaves() {
    leaves! {
        bool, char, f32, f64, (),
        i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize,
        NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize,
        NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
        NonZero<u8>, Option<NonZero<i64>>, Wrapping<u8>, Saturating<i8>,
        AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize,
        AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, AtomicPtr<Opaque>,
    }
    no_finalizers! { bool, char, f64, (), u8, i128, NonZeroU8, AtomicBool, AtomicPtr<Opaque> }
}

#[test]
fn values_of_std_are_leaves() {
    leaves! {
        String, CString, OsString, PathBuf, Duration, Instant, SystemTime, Infallible,
        cmp::Ordering, Ordering, RangeFull, TypeId, Discriminant<Option<Opaque>>,
        alloc::Layout, alloc::System, panic::Location<'static>, std::backtrace::Backtrace,
        hash::RandomState, hash::DefaultHasher, hash::BuildHasherDefault<Opaque>,
        net::IpAddr, net::Ipv4Addr, net::Ipv6Addr, net::SocketAddr, net::SocketAddrV4,
        net::SocketAddrV6, net::TcpStream, net::TcpListener, net::UdpSocket,
        fs::File, fs::Metadata, io::Error, io::ErrorKind, Stdout, BufWriter<fs::File>,
        BufReader<fs::File>, Cursor<Vec<u8>>, Child, Command, ExitStatus,
        Thread, ThreadId, JoinHandle<Opaque>, Barrier, Condvar, Once, Waker,
        Sender<Opaque>, SyncSender<Opaque>, Receiver<Opaque>,
        ParseIntError, ParseFloatError, TryFromIntError, std::str::Utf8Error,
        std::string::FromUtf8Error, std::env::VarError, std::fmt::Error,
    }
    no_finalizers! { String, PathBuf, Duration, io::Error, Sender<Probe>, JoinHandle<Probe> }
}

#[test]
fn pointers_that_cannot_be_counted_are_leaves() {
    leaves! {
        &'static Opaque, &'static mut Opaque, &'static str, &'static [Probe], &'static dyn Trace,
        *const Opaque, *mut Opaque, *const [Probe], NonNull<Opaque>, NonNull<dyn Trace>,
        PhantomData<Opaque>, PhantomData<str>, PhantomData<Probe>, PhantomPinned,
        Rc<Opaque>, Rc<Probe>, Rc<dyn Trace>, rc::Weak<Opaque>, rc::Weak<dyn Trace>,
        Arc<Opaque>, Arc<Probe>, Arc<str>, sync::Weak<Opaque>, sync::Weak<[Probe]>,
        Pin<&'static Probe>, Pin<Rc<Probe>>, Cow<'static, str>, Cow<'static, Path>,
        Cow<'static, [u8]>, Cow<'static, CStr>, Cow<'static, OsStr>,
    }
    no_finalizers! { Rc<Probe>, rc::Weak<Probe>, Arc<Probe>, &'static Probe, PhantomData<Probe> }
    assert_eq!(edges(&Rc::new(probe(1))), NONE);
    assert_eq!(edges(&Arc::new(probe(1))), NONE);
    assert_eq!(edges(&&probe(1)), NONE);
}

#[test]
fn function_pointers_are_leaves() {
    type O = Opaque;
    leaves! {
        fn(), fn() -> O, fn(O) -> O, fn(O, O, O, O, O, O, O, O, O, O, O, O) -> O,
        unsafe fn(), unsafe fn(O, O) -> O, extern "C" fn(), extern "C" fn(O, O) -> O,
        unsafe extern "C" fn(), unsafe extern "C" fn(*mut O, *const O) -> *mut O,
        extern "system" fn(O), unsafe extern "system" fn(O),
    }
    no_finalizers! { fn(), fn(Probe) -> Probe }
}

#[test]
fn unsized_leaves_show_nothing() {
    assert_eq!(edges("text"), NONE);
    assert_eq!(edges(c"text"), NONE);
    assert_eq!(edges(OsStr::new("text")), NONE);
    assert_eq!(edges(Path::new("text")), NONE);
    leaves! { Box<str>, Box<CStr>, Box<OsStr>, Box<Path>, Box<[u8]>, Box<u8>, Box<(u8, char)> }
}

#[test]
fn owners_of_leaves_are_leaves() {
    leaves! {
        Vec<u8>, Vec<Vec<Vec<(u32, String)>>>, VecDeque<u8>, LinkedList<u8>, BinaryHeap<u8>,
        BTreeSet<u8>, HashSet<u8>, BTreeMap<u8, String>, HashMap<String, Vec<u8>>,
        [u8; 0], [String; 1000], (u8,), (u8, String, Vec<u8>, Option<char>),
        (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8),
        Option<String>, Result<String, io::Error>, ControlFlow<u8, String>, Poll<u8>, Bound<u8>,
        Range<usize>, RangeInclusive<u8>, Reverse<String>, ManuallyDrop<String>, Pin<Box<u8>>,
        Cell<u8>, Cell<Option<String>>, RefCell<String>, RefCell<Vec<String>>, OnceCell<String>,
        LazyCell<String>, Mutex<String>, RwLock<HashMap<u8, String>>, OnceLock<String>,
        LazyLock<String>, LazyLock<String, Opaque>, std::vec::IntoIter<u8>,
    }
    no_finalizers! {
        Vec<u8>, HashMap<String, Vec<u8>>, [String; 3], (u8, String), Option<String>,
        Result<u8, String>, Cow<'static, str>, RefCell<Vec<u8>>, Mutex<String>, RwLock<String>,
        OnceCell<u8>, OnceLock<u8>, LazyCell<u8>, LazyLock<u8>, Range<u8>, ManuallyDrop<String>,
    }
}

#[test]
fn owners_of_others_are_not() {
    no_leaves! {
        Probe, Vec<Probe>, Vec<Vec<Option<Probe>>>, [Probe; 3], (u8, Probe), (Probe, u8),
        Result<u8, Probe>, Result<Probe, u8>, HashMap<Probe, u8>, HashMap<u8, Probe>,
        BTreeMap<u8, Vec<Probe>>, ControlFlow<Probe, u8>, ControlFlow<u8, Probe>,
        Cow<'static, [Probe]>, Cell<Option<Probe>>, RefCell<Probe>, Mutex<Probe>, RwLock<Probe>,
        Box<Probe>, Box<[Probe]>, Box<dyn Trace>, Pin<Box<Probe>>, ManuallyDrop<Probe>,
    }
}

#[test]
fn a_box_may_have_finalizers_whatever_it_holds() {
    assert!(<Box<dyn Trace>>::may_finalize(Depth::START));
    assert!(<Vec<Box<u8>>>::may_finalize(Depth::START));
}
