//! What enums, newtypes, ranges, readers and tuples show, and in which order.

use super::{NONE, Probe, check, edges, probe};
use crate::{Depth, Finalizing, Trace, Tracer};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, BufReader, BufWriter, Cursor, LineWriter, Read as _, Write};
use std::mem::ManuallyDrop;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Deref};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::mpsc::{SendError, TrySendError};
use std::task::Poll;

#[test]
fn enums_show_what_they_hold() {
    check(&Some(probe(1)), &[1]);
    check(&None::<Probe>, &[]);
    check(&Ok::<_, Probe>(probe(1)), &[1]);
    check(&Err::<Probe, _>(probe(2)), &[2]);
    check(&Ok::<u8, Probe>(1), &[]);
    check(&Err::<Probe, u8>(1), &[]);
    check(&ControlFlow::<_, Probe>::Break(probe(1)), &[1]);
    check(&ControlFlow::<Probe, _>::Continue(probe(2)), &[2]);
    check(&Poll::Ready(probe(1)), &[1]);
    check(&Poll::<Probe>::Pending, &[]);
    check(&Bound::Included(probe(1)), &[1]);
    check(&Bound::Excluded(probe(2)), &[2]);
    check(&Bound::<Probe>::Unbounded, &[]);
    check(&TrySendError::Full(probe(1)), &[1]);
    check(&TrySendError::Disconnected(probe(2)), &[2]);
}

#[test]
fn cows_show_what_they_own() {
    let owned: Cow<'static, [Probe]> = Cow::Owned(vec![probe(1), probe(2)]);
    check(&owned, &[1, 2]);
    let elsewhere = [probe(1)];
    check(&Cow::Borrowed(&elsewhere[..]), &[]);
}

#[test]
fn newtypes_show_their_value() {
    check(&Wrapping(probe(1)), &[1]);
    check(&Saturating(probe(2)), &[2]);
    check(&Reverse(probe(3)), &[3]);
    check(&AssertUnwindSafe(probe(4)), &[4]);
    check(&SendError(probe(5)), &[5]);
    let mut kept = ManuallyDrop::new(probe(6));
    check(&kept, &[6]);
    // SAFETY: not used any more.
    unsafe { ManuallyDrop::drop(&mut kept) };
}

#[test]
fn ranges_show_their_ends() {
    check(&(probe(1)..probe(2)), &[1, 2]);
    check(&(probe(1)..=probe(2)), &[1, 2]);
    check(&(probe(1)..), &[1]);
    check(&(..probe(2)), &[2]);
    check(&(..=probe(2)), &[2]);
}

#[test]
fn a_pinned_pointer_is_traced_as_the_pointer() {
    /// A handle: what it shows is not what its target would show.
    struct Handle(Probe, [Probe; 1]);

    impl Deref for Handle {
        type Target = [Probe; 1];
        fn deref(&self) -> &[Probe; 1] {
            &self.1
        }
    }

    // SAFETY: it leaves out a part.
    unsafe impl Trace for Handle {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn may_finalize(_: Depth) -> bool {
            true
        }
        fn finalize_within(&self, cx: &Finalizing<'_>) {
            self.0.finalize_within(cx);
        }
    }

    check(&Box::pin(probe(1)), &[1]);
    check(&Pin::new(Handle(probe(2), [probe(3)])), &[2]);
    let elsewhere = probe(4);
    assert_eq!(edges(&Pin::new(&elsewhere)), NONE);
}

#[test]
fn readers_show_what_they_read_from() {
    struct Source(Probe);

    impl io::Read for Source {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }

    // SAFETY: it shows what it owns.
    unsafe impl Trace for Source {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn may_finalize(depth: Depth) -> bool {
            Probe::may_finalize(depth)
        }
        fn finalize_within(&self, cx: &Finalizing<'_>) {
            self.0.finalize_within(cx);
        }
    }

    check(&BufReader::new(Source(probe(1))), &[1]);
    check(&Cursor::new(probe(2)), &[2]);
    check(&Source(probe(3)).take(1), &[3]);
    check(&Source(probe(4)).chain(Source(probe(5))), &[4, 5]);
}

/// Their destructors write, which may follow a handle: what they own must count
/// as referred to from outside.
#[test]
fn buffered_writers_show_nothing() {
    struct Sink(Probe);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len().min(*self.0.0))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    assert_eq!(edges(&BufWriter::new(Sink(probe(1)))), NONE);
    assert_eq!(edges(&LineWriter::new(Sink(probe(1)))), NONE);
}

#[test]
fn tuples_up_to_twelve() {
    check(&(probe(1),), &[1]);
    check(&(probe(1), probe(2)), &[1, 2]);
    check(&(0, probe(1), "text", probe(2)), &[1, 2]);
    let p = probe;
    let twelve = (p(1), p(2), p(3), p(4), p(5), p(6), p(7), p(8), p(9), p(10), p(11), p(12));
    check(&twelve, &Vec::from_iter(1..=12));
}
