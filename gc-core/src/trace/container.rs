//! std's collections, and `Box`.

use super::memory::{array, list, table, tree};
use super::shown::Part;
use super::visit::{Visit as _, owner};
use super::{Depth, Finalizing, Sizer, Trace, Tracer};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::{array, fmt, mem, vec};

owner! {
    {T: Trace} Vec<T> => [T], |this, visit| visit.one(this.as_slice()),
        owns array::<T>(this.capacity()), shows T;
    /// It does not tell how large its buffer is: what has been taken out is not counted.
    {T: Trace} vec::IntoIter<T> => [T], |this, visit| visit.one(this.as_slice()),
        owns array::<T>(this.len());
    {T: Trace, const N: usize} [T; N] => [T], |this, visit| visit.one(this.as_slice());
    {T: Trace, const N: usize} array::IntoIter<T, N> => [T],
        |this, visit| visit.one(this.as_slice());
    {T: Trace} VecDeque<T> => [T], |this, visit| {
        let (front, back) = this.as_slices();
        visit.one(front);
        visit.one(back);
    }, owns array::<T>(this.capacity());
    {T: Trace} LinkedList<T> => [T], |this, visit| visit.all(this), owns list::<T>(this.len());
    {T: Trace} BinaryHeap<T> => [T], |this, visit| visit.one(this.as_slice()),
        owns array::<T>(this.capacity());
    /// Its nodes are counted by a walk over all of it.
    {T: Trace} BTreeSet<T> => [T], |this, visit| visit.all(this), owns tree::<T, ()>(this);
    /// The hasher may be of any type and is not traced.
    {T: Trace, S} HashSet<T, S> => [T], |this, visit| visit.all(this),
        owns table::<T>(this.capacity());
    /// Its nodes are counted by a walk over all of it.
    {K: Trace, V: Trace} BTreeMap<K, V> => [K, V], |this, visit| visit.entries(this),
        owns tree::<K, V>(this.keys());
    /// The hasher may be of any type and is not traced.
    {K: Trace, V: Trace, S} HashMap<K, V, S> => [K, V], |this, visit| visit.entries(this),
        owns table::<(K, V)>(this.capacity());
}

// SAFETY: a slice owns its elements and shows each once (obligation 1), through shared
// references (2); it is unsized, so nobody asks `is_leaf` (3); its destructor is that of its
// elements (4); no lock (5).
unsafe impl<T: Trace> Trace for [T] {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.all(self);
    }

    #[inline]
    fn finalize_within(&self, mut cx: &Finalizing<'_>) {
        (&mut cx).all(self);
    }

    fn debug_within(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(f.debug_list().entries(self.iter().map(Part)).finish())
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        sizer.all(self);
    }
}

/// A `Box` cannot ask an unsized type whether it is a leaf: a box is one where
/// its contents have no destructor, as no owner of a `Gc` is.
// SAFETY: a box owns its value and shows it once (obligation 1), through a shared reference (2).
// Where it calls itself a leaf it shows nothing (3). Its destructor is that of the value (4); no
// lock (5).
unsafe impl<T: Trace + ?Sized> Trace for Box<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if mem::needs_drop::<T>() {
            tracer.one(&**self);
        }
    }

    #[inline]
    fn is_leaf(_: Depth) -> bool {
        !mem::needs_drop::<T>()
    }

    #[inline]
    fn may_finalize(_: Depth) -> bool {
        true
    }

    #[inline]
    fn finalize_within(&self, cx: &Finalizing<'_>) {
        (**self).finalize_within(cx);
    }

    fn debug_within(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        (**self).debug_within(f)
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        sizer.add(size_of_val(&**self));
        sizer.one(&**self);
    }
}
