//! From Python: what is each name of `gc`, `weakref` and `sys` here?
//!
//! Two modules have all of it under the same names: [`unsync`](crate::unsync), a heap for each thread, and
//! [`sync`](crate::sync), one for all. The links go to the first. A search in this documentation for Python's
//! full name (`gc.get_threshold`, `weakref.finalize`) finds ours, or this page where there is none.
//!
//! The semantics are those of CPython 3.11 to 3.13, as far as they can be; [what differs](#what-differs) is
//! below. [Another page](snippets) has code that is often shown of Python's memory management, with ours
//! beside it: [a table](#code-to-compare) says what is where.
//!
//! # The module `gc`
//!
//! | Python | here |
//! |---|---|
//! | `gc.collect()` | [`collect`](crate::unsync::collect)`()`; Python's number is [`total()`](crate::Report::total) of its report |
//! | `gc.collect(0)` | [`collect_generation`](crate::unsync::collect_generation)`(Generation::Young)`; there is no invalid generation |
//! | `gc.enable()`, `gc.disable()`, `gc.isenabled()` | [`enable`](crate::unsync::enable), [`disable`](crate::unsync::disable), [`is_enabled`](crate::unsync::is_enabled), and [`pause`](crate::unsync::pause) for a scope |
//! | `gc.get_threshold()`, `gc.set_threshold(700, 10, 10)` | [`thresholds`](crate::unsync::thresholds), [`set_thresholds`](crate::unsync::set_thresholds)`(`[`Thresholds`](crate::Thresholds)`::PY311)` |
//! | `gc.get_count()` | [`counts`](crate::unsync::counts): candidates, where Python counts allocations |
//! | `gc.get_stats()` | [`stats`](crate::unsync::stats): the five figures of Python 3.15 |
//! | `gc.get_objects()` | none: **there is no walk over all objects**. A heap keeps candidates, and no list of the others, which costs each object two words. How many there are [`live`](crate::unsync::live) says; what an object holds, [`referents`](crate::unsync::referents) |
//! | `gc.get_referrers(a)` | none, for the same reason. A search along `referents` from where the program begins finds who holds something: see [`leaks`](super::leaks) |
//! | `gc.get_referents(a)` | [`referents`](crate::unsync::referents)`(&a)`: [`AnyGc`](crate::unsync::AnyGc)s; for several objects, `flat_map` |
//! | `gc.is_tracked(a)` | [`Gc::is_tracked`](crate::unsync::Gc::is_tracked): decided by the type |
//! | `gc.is_finalized(a)` | [`Gc::is_finalized`](crate::unsync::Gc::is_finalized) |
//! | `gc.freeze()`, `gc.unfreeze()`, `gc.get_freeze_count()` | [`freeze`](crate::unsync::freeze), [`unfreeze`](crate::unsync::unfreeze), [`frozen_count`](crate::unsync::frozen_count): see [`tuning`](super::tuning#freezing) |
//! | `gc.garbage` | [`garbage`](crate::unsync::garbage): see [`leaks`](super::leaks). Nothing is uncollectable, so it fills under `SAVE_ALL` only |
//! | `gc.callbacks` | [`on_collect`](crate::unsync::on_collect), which gives a guard |
//! | `gc.set_debug(flags)`, `gc.get_debug()` | [`set_debug`](crate::unsync::set_debug), [`debug`](crate::unsync::debug); the lines go to [`set_debug_sink`](crate::set_debug_sink) |
//! | `gc.DEBUG_STATS`, `gc.DEBUG_COLLECTABLE`, `gc.DEBUG_UNCOLLECTABLE`, `gc.DEBUG_SAVEALL`, `gc.DEBUG_LEAK` | [`DebugFlags`](crate::DebugFlags), with the same bits |
//! | `tp_traverse` | [`Trace`](trait@crate::Trace), which is [derived](derive@crate::Trace) |
//! | `tp_finalize` | [`Finalize`](crate::Finalize) |
//! | `tp_clear` | none: the collector drops the values of garbage, and no code of yours takes cycles apart |
//! | `PyObject_GC_Track`, `PyObject_GC_UnTrack` | none: a type that can hold no handle is never looked at |
//! | `PyUnstable_GC_VisitObjects` | none: as `gc.get_objects` |
//! | memory outside of Python's objects, which no threshold counts (GH-142516) | [`ExternalMemory`](crate::unsync::ExternalMemory): see [`tuning`](super::tuning#external-memory) |
//! | `gc__start`, `gc__done` (probes), `gc.get_objects` (audit events) | none: a hook of [`on_collect`](crate::unsync::on_collect) tells of collections |
//!
//! # Objects
//!
//! | Python | here |
//! |---|---|
//! | `b = a` | `let b = a.clone()` |
//! | `del a` | `drop(a)`; to use `a` afterwards is an error of the compiler |
//! | `a is b`, `id(a)` | [`Gc::ptr_eq`](crate::unsync::Gc::ptr_eq)`(&a, &b)`, [`Gc::as_ptr`](crate::unsync::Gc::as_ptr)`(&a)` |
//! | `repr(a)`, also of a cycle | `{a:?}`, but [not of a cycle](super::limits#what-follows-handles-by-itself): [`debug_text`](crate::unsync::AnyGc::debug_text) |
//! | `__del__` | [`Finalize`](crate::Finalize): once, and the object may be resurrected |
//! | `tp_del` | none: no finalizer makes a cycle uncollectable |
//! | `__slots__` | std: a struct has the fields that it has |
//! | a generator | std: an iterator |
//! | `array.array` | std: `Vec<i32>` |
//! | `__enter__`, `__exit__` | std: `Drop`; [`pause`](crate::unsync::pause) gives such a guard |
//! | an object that several change, a default argument that is one | a `RefCell` in a `Gc`, in `sync` a `Mutex` |
//! | a list of objects of any type | a `Vec` of [`AnyGc`](crate::unsync::AnyGc) |
//! | a `threading.Lock` in an object, `__del__` that takes it | std: a `Mutex`, and the same deadlock: see [`threads`](super::threads#locks) |
//! | free lists | each thread keeps [memory of dead objects](super::performance#memory-of-dead-objects) by length, whatever their type |
//! | immortal objects | std: a `static`. (In `sync` an object with 2²⁷ handles becomes [one](super::threads#immortal-objects).) |
//! | biased reference counts | none: [`unsync`](crate::unsync) counts without atomics, [`sync`](crate::sync) with them |
//!
//! # The module `weakref`
//!
//! | Python | here |
//! |---|---|
//! | `weakref.ref(a)`, calling it | [`Gc::downgrade`](crate::unsync::Gc::downgrade)`(&a)`, [`upgrade()`](crate::unsync::Weak::upgrade) |
//! | `weakref.ref(a, callback)` | [`Gc::downgrade_with`](crate::unsync::Gc::downgrade_with), newest first as there |
//! | `weakref.ref.__callback__` | [`WeakCallback`](crate::unsync::WeakCallback); dropped, or [`cancel`](crate::unsync::WeakCallback::cancel)led, it does not run |
//! | `weakref.ReferenceType` | [`Weak`](crate::unsync::Weak) |
//! | `weakref.ref.__eq__`, `weakref.ref.__hash__` | [`WeakKey`](crate::unsync::WeakKey); of a `Weak` only [`ptr_eq`](crate::unsync::Weak::ptr_eq) |
//! | `weakref.proxy(a)`, `weakref.ProxyType`, `weakref.CallableProxyType`, `weakref.ProxyTypes` | none: nothing stands in for a value of any type. `upgrade` for as long as it is used |
//! | `weakref.getweakrefcount(a)` | [`Gc::weak_count`](crate::unsync::Gc::weak_count)`(&a)` |
//! | `weakref.getweakrefs(a)` | none: weak handles are counted, not listed |
//! | `weakref.WeakValueDictionary` | [`WeakValueMap`](crate::unsync::WeakValueMap); `update` is `extend`, `copy` is `clone`, `items` is [`iter`](crate::unsync::WeakValueMap::iter), `pop` is [`remove`](crate::unsync::WeakValueMap::remove) |
//! | `weakref.WeakValueDictionary.setdefault` | [`get_or_insert_with`](crate::unsync::WeakValueMap::get_or_insert_with), [`entry`](crate::unsync::WeakValueMap::entry) |
//! | `weakref.WeakValueDictionary.popitem` | [`pop`](crate::unsync::WeakValueMap::pop) |
//! | `weakref.WeakValueDictionary.valuerefs`, `weakref.WeakValueDictionary.itervaluerefs` | [`value_refs`](crate::unsync::WeakValueMap::value_refs) |
//! | `weakref.WeakKeyDictionary` | [`WeakKeyMap`](crate::unsync::WeakKeyMap): by equality as there, or [by identity](crate::unsync::WeakKeyMap::by_identity). A value may refer to its own key: the entry goes all the same |
//! | `weakref.WeakKeyDictionary.setdefault`, `weakref.WeakKeyDictionary.popitem` | [`entry`](crate::unsync::WeakKeyMap::entry), [`pop`](crate::unsync::WeakKeyMap::pop) |
//! | `weakref.WeakKeyDictionary.keyrefs` | [`key_refs`](crate::unsync::WeakKeyMap::key_refs) |
//! | `weakref.WeakSet` | [`WeakSet`](crate::unsync::WeakSet), with the operators on references: `&a \| &b` |
//! | `weakref.WeakSet.add`, `weakref.WeakSet.discard` | [`insert`](crate::unsync::WeakSet::insert), [`remove`](crate::unsync::WeakSet::remove) |
//! | `weakref.WeakMethod(a.method)` | a [`Weak`](crate::unsync::Weak)`<A>` and a `fn(&A)` beside it: see [`weak`](super::weak#callbacks), and the example `observers` |
//! | `weakref.finalize(a, f)` | [`finalize`](crate::unsync::finalize)`(&a, f)`; arguments are what the closure owns |
//! | `weakref.finalize.detach`, `weakref.finalize.peek`, `weakref.finalize.alive` | [`detach`](crate::unsync::Finalizer::detach), [`peek`](crate::unsync::Finalizer::peek), [`is_alive`](crate::unsync::Finalizer::is_alive); calling it is [`call`](crate::unsync::Finalizer::call) |
//! | `weakref.finalize.atexit` | [`at_exit`](crate::unsync::Finalizer::at_exit), [`set_at_exit`](crate::unsync::Finalizer::set_at_exit), and an [`exit_guard`](crate::unsync::exit_guard) in `main`: Rust has no exit of its own |
//!
//! # The module `sys`, and what measures memory
//!
//! | Python | here |
//! |---|---|
//! | `sys.getrefcount(a)` | [`Gc::strong_count`](crate::unsync::Gc::strong_count)`(&a) + 1`: Python counts the argument too |
//! | `sys.getsizeof(a)` | [`shallow_size`](crate::unsync::shallow_size): with the buffers that the value owns |
//! | `pympler.asizeof` | [`deep_size`](crate::unsync::deep_size) |
//! | `sys.intern(s)` | [`Interner`](crate::unsync::Interner): not of strings alone, and what nobody uses goes |
//! | `sys.getunicodeinternedsize()` | [`Interner::len`](crate::unsync::Interner::len) |
//! | `sys.getallocatedblocks()` | [`live`](crate::unsync::live): objects, not blocks |
//! | `sys._debugmallocstats()` | none: memory comes from the program's allocator, which has tools of its own |
//! | `sys.unraisablehook` | [`set_unraisable_hook`](crate::set_unraisable_hook) |
//! | `sys.gettotalrefcount()` | none: nothing counts handles but their objects |
//! | `memory_profiler.profile` | [`profile`](crate::unsync::profile), [`Profiler`](crate::unsync::Profiler): see [`profiling`](super::profiling) |
//! | `psutil.Process.memory_info` | [`process_memory`](crate::process_memory) |
//! | `tracemalloc` | none: that needs to be the allocator. [`Profiler`](crate::unsync::Profiler) says how much, not where |
//!
//! # What differs
//!
//! - **The schedule counts candidates, not allocations**: see [`tuning`](super::tuning). To
//!   build a million objects starts no collection.
//! - **In a cycle the finalizers run first, and weak handles die after them.** CPython up to 3.14
//!   clears weak references first. Here both kinds of death have one order, and an object that
//!   is resurrected keeps its weak handles.
//! - **What is frozen at the end of a thread is collected then** (`unsync`). CPython leaves it.
//! - **Memory outside of the heap counts**, if an object reports it: see
//!   [`ExternalMemory`](crate::unsync::ExternalMemory). Python has nothing like it.
//! - **A finalizer runs once for an object of any type.** Python runs it at every death where the collector does
//!   not track the type.
//! - **Garbage that is kept is alive**: weak handles to what is in [`garbage`](crate::unsync::garbage) work, and
//!   their callbacks are still to come. In Python they are cleared.
//! - **A value may refer to the key that it is kept for** in a [`WeakKeyMap`](crate::unsync::WeakKeyMap): the two are
//!   collected. In Python they stay for ever.
//! - **The count of frozen objects includes those that can hold no handle**, which Python's collector does not
//!   know of.
//! - **The exit is where you put it**: finalizers run at exit if there is an
//!   [`exit_guard`](crate::unsync::exit_guard), when the last one is dropped.
//! - **There is no global lock.** In [`unsync`](crate::unsync) each thread has a heap of its own,
//!   and a collection is about one thread. In [`sync`](crate::sync) all threads share one, and go
//!   on while one of them, or the [background collector](crate::sync::background), collects.
//! - **Nothing runs while a value is only used**: a collection starts from `Gc::new`, never
//!   between two other statements. (With `sync` another thread may run one at any time.)
//!
//! # Code to compare
//!
//! Thirty pieces of code from five introductions to Python's memory management; what they print was found out by
//! running them (CPython 3.11.7). Seven do not show what they are said to; the reason is in the table, and ours
//! does what was meant. Each link leads to an example, which is one of this crate's tests.
//!
//! | piece | shows | in Python | here |
//! |---|---|---|---|
//! | s0.1 | `gc.collect`, `gc.get_stats` | three dictionaries | [collect and look](snippets#collect-and-look) |
//! | s0.2 | a cycle of two with `__del__`, collected | both deleted | [a cycle with finalizers](snippets#a-cycle-with-finalizers) |
//! | s0.3 | `DEBUG_LEAK`, a ring of five, `gc.garbage` | **wrong: `Unreachable: []`**, as the list still holds the objects | [garbage to be looked at](snippets#garbage-to-be-looked-at) |
//! | s0.4 | no collection during a batch | `Manual GC done` | [a batch without collections](snippets#a-batch-without-collections) |
//! | s0.5 | a weak reference, before and after | the object, `None` | [weak handles](snippets#weak-handles) |
//! | s0.6 | `getsizeof` of a list, and with its numbers | 88, 200 | [sizes](snippets#sizes) |
//! | s1.1 | counts | 1, 2, 1, 0 | [counts](snippets#counts) |
//! | s1.2 | a cycle | nothing is freed | [a cycle is not freed by counts](snippets#a-cycle-is-not-freed-by-counts) |
//! | s1.3 | `gc.get_count` | `(0, 0, 0)`; its text takes them for objects in each generation | [collect and look](snippets#collect-and-look) |
//! | s1.4 | `disable`, `enable` | | [a batch without collections](snippets#a-batch-without-collections) |
//! | s1.5 | a weak reference | the object, `None` | [weak handles](snippets#weak-handles) |
//! | s2.1 | counts; `is` and `==` | 2, 3, 2; a comment is wrong by one | [counts](snippets#counts) |
//! | s2.2 | a cycle, and two ways not to have it | one is left: `collect()` gives 2 | [three ways with a parent](snippets#three-ways-with-a-parent) |
//! | s2.3 | all of `gc`'s switches | `(700, 10, 10)`, 11 095 objects | [every switch](snippets#every-switch) |
//! | s2.4 | a list that keeps objects; who refers to it | 3 referrers | [a registry that keeps objects](snippets#a-registry-that-keeps-objects) |
//! | s2.5 | memory_profiler, tracemalloc, psutil | needs packages | [memory over a piece of code](snippets#memory-over-a-piece-of-code) |
//! | s2.6 | generators, slots, arrays, `del`, context managers | **wrong: ends with a `NameError`**, `gc` is not imported | [less memory](snippets#less-memory) |
//! | s2.7 | small numbers and strings are the same object | **wrong: `True` five times**, also where it says `False`: a file's constants are shared | [interning](snippets#interning) |
//! | s2.8 | small and large objects from pools | **wrong: 56 bytes both**, as `getsizeof` leaves the list's array out | [sizes](snippets#sizes) |
//! | s3.1 | counts; a name after `del` | **wrong as copied: `SyntaxError`**, by spaces that are none; mended: 2, 3, 2, `NameError` | [counts](snippets#counts), [after a drop](snippets#after-a-drop) |
//! | s3.2 | a call of each of `gc`'s functions | `[]` | [every switch](snippets#every-switch) |
//! | s3.3 | a cycle that says when it is deleted | created twice, deleted twice | [a cycle with finalizers](snippets#a-cycle-with-finalizers) |
//! | s3.4 | a generator, left after 11 | **wrong as copied: `SyntaxError`**, as s3.1; mended: 0 to 11 | [less memory](snippets#less-memory) |
//! | s3.5 | tracemalloc's ten largest | **wrong: shows nothing**, its function is never called; if it is, the object is gone before the snapshot | [memory over a piece of code](snippets#memory-over-a-piece-of-code) |
//! | s4.1 | two names for one list | both see the change | [two names](snippets#two-names) |
//! | s4.2 | `getrefcount` | 3, 2 | [counts](snippets#counts) |
//! | s4.3 | objects that refer to each other | | [a cycle is not freed by counts](snippets#a-cycle-is-not-freed-by-counts) |
//! | s4.4 | `gc.get_threshold`, `gc.collect` | `(700, 10, 10)`, up to 3.12 | [every switch](snippets#every-switch) |
//! | s4.5 | `del` of one name of two | `[1, 2, 3]` | [two names](snippets#two-names) |
//! | s4.6 | what `gc.collect()` returns for a cycle of two | 2 | [a cycle is not freed by counts](snippets#a-cycle-is-not-freed-by-counts) |

//!
//! # What is said without code
//!
//! The same introductions name more than they show:
//!
//! | said of | here |
//! |---|---|
//! | objects that form cycles: rows of a database, graphs, trees with parents | [`cycles`](super::cycles), the examples `orm` and `graph` |
//! | observers, and callbacks that keep their object alive | [`weak`](super::weak), the example `observers` |
//! | caches | [`WeakValueMap`](crate::unsync::WeakValueMap), the example `lru_cache` |
//! | what a server's requests leave behind | [`leaks`](super::leaks), the example `leak_hunt` |
//! | three generations, and what moves to the next | [`tuning`](super::tuning), [`Gc::generation`](crate::unsync::Gc::generation) |
//! | how garbage is told from what is in use | [`internals`](super::internals): by counts, with no roots to begin from |
//! | objgraph | [`referents`](crate::unsync::referents), and a search along them: [`leaks`](super::leaks#by-what-way-something-is-reached) |
//! | "do not call `gc.collect()` too often" | [`tuning`](super::tuning): it takes time for each candidate and what that reaches |
//! | "`__del__` may never be called" | [`finalizers`](super::finalizers#at-exit): an [`exit_guard`](crate::unsync::exit_guard) sees to that |
//! | names that are local, names that are global | std: a local variable is dropped at the end of its block, a `static` never |
//! | reference counts need the global lock | [`threads`](super::threads): none here; those of [`sync`](crate::sync) are atomic |

#![doc(alias = "gc.get_objects")]
#![doc(alias = "gc.get_referrers")]
#![doc(alias = "sys._debugmallocstats")]
#![doc(alias = "sys.gettotalrefcount")]
#![doc(alias = "tracemalloc")]
#![doc(alias = "weakref.getweakrefs")]
#![doc(alias = "weakref.proxy")]
#![doc(alias = "weakref.ProxyType")]
#![doc(alias = "weakref.CallableProxyType")]
#![doc(alias = "weakref.ProxyTypes")]
#![doc(alias = "tp_clear")]
#![doc(alias = "tp_del")]
#![doc(alias = "PyObject_GC_Track")]
#![doc(alias = "PyObject_GC_UnTrack")]
#![doc(alias = "PyUnstable_GC_VisitObjects")]
#![doc(alias = "objgraph")]
#![doc(alias = "array.array")]
#![doc(alias = "__slots__")]
#![doc(alias = "__enter__")]
#![doc(alias = "__exit__")]

pub mod snippets;
