//! Sets that are made of others, and compared with them.

use super::equivalence::{ByValue, Equivalence};
use super::set::WeakSet;
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Sub, SubAssign};

impl<T: ?Sized, S: Space, By: Equivalence<T>> WeakSet<T, S, By> {
    /// Whether all elements are in the other set too: Python's `<=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let all: Vec<_> = (0..3).map(Gc::new).collect();
    /// let (set, part): (WeakSet<i32>, WeakSet<i32>) =
    ///     (all.iter().collect(), all[1..].iter().collect());
    /// assert!(part.is_subset(&set) && set.is_superset(&part) && !set.is_subset(&part));
    /// ```
    #[doc(alias = "weakref.WeakSet.issubset")]
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|element| other.has(&element))
    }

    /// Whether all elements of the other set are in this one: Python's `>=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert!(set.is_superset(&WeakSet::new()));
    /// ```
    #[doc(alias = "weakref.WeakSet.issuperset")]
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }

    /// Whether no element is among `others`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert!(set.is_disjoint([Gc::new(2)]));
    /// assert!(!set.is_disjoint(&set));
    /// ```
    #[doc(alias = "weakref.WeakSet.isdisjoint")]
    #[must_use]
    pub fn is_disjoint(&self, others: impl IntoIterator<Item = Gc<T, S>>) -> bool {
        !others.into_iter().any(|other| self.has(&other))
    }

    /// Removes all elements that are among `others`: Python's `difference_update`, `-=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one, &two]);
    /// set.subtract([one.clone()]);
    /// assert!(!set.contains(&1) && set.contains(&2));
    /// ```
    #[doc(alias = "weakref.WeakSet.difference_update")]
    pub fn subtract(&self, others: impl IntoIterator<Item = Gc<T, S>>) {
        for other in others {
            drop(self.take_same(&other));
        }
    }
}

impl<T, S, By> WeakSet<T, S, By>
where
    T: ?Sized + 'static,
    S: Space + Admits<T>,
    By: Equivalence<T>,
{
    /// The elements, and `others`: Python's `|`.
    ///
    /// `others` is anything that gives handles, a set (`&other`) or a vector. Like this set, the
    /// new one keeps none of them alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// let both = set.union([two.clone()]);
    /// assert_eq!(both, WeakSet::from_iter([&one, &two]));
    /// assert_eq!(both, &set | &both);
    /// ```
    #[doc(alias = "weakref.WeakSet.union")]
    #[must_use]
    pub fn union(&self, others: impl IntoIterator<Item = Gc<T, S>>) -> Self {
        let union = self.clone();
        (&union).extend(others);
        union
    }

    /// Those of `others` that are elements: Python's `&`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert_eq!(set.intersection([one.clone(), two.clone()]), set);
    /// ```
    #[doc(alias = "weakref.WeakSet.intersection")]
    #[must_use]
    pub fn intersection(&self, others: impl IntoIterator<Item = Gc<T, S>>) -> Self {
        others.into_iter().filter(|other| self.has(other)).collect()
    }

    /// The elements that are not among `others`: Python's `-`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one, &two]);
    /// assert_eq!(set.difference([one.clone()]), WeakSet::from_iter([&two]));
    /// ```
    #[doc(alias = "weakref.WeakSet.difference")]
    #[must_use]
    pub fn difference(&self, others: impl IntoIterator<Item = Gc<T, S>>) -> Self {
        let difference = self.clone();
        difference.subtract(others);
        difference
    }

    /// What is among the elements or among `others`, and not among both: Python's `^`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// let other = set.symmetric_difference([one.clone(), two.clone()]);
    /// assert_eq!(other, WeakSet::from_iter([&two]));
    /// ```
    #[doc(alias = "weakref.WeakSet.symmetric_difference")]
    #[must_use]
    pub fn symmetric_difference(&self, others: impl IntoIterator<Item = Gc<T, S>>) -> Self {
        let difference = self.clone();
        difference.symmetric_difference_with(others);
        difference
    }

    /// Removes all elements that are not among `others`: Python's `intersection_update`, `&=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one, &two]);
    /// set.intersect([one.clone()]);
    /// assert!(set.contains(&1) && !set.contains(&2));
    /// ```
    #[doc(alias = "weakref.WeakSet.intersection_update")]
    pub fn intersect(&self, others: impl IntoIterator<Item = Gc<T, S>>) {
        // (All of them are held meanwhile: the new set does not.)
        let others: Vec<_> = others.into_iter().collect();
        let others_set: Self = others.iter().collect();
        self.retain(|element| others_set.has(element));
    }

    /// Removes the elements that are among `others`, and puts the rest of those in: Python's
    /// `symmetric_difference_update`, `^=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// set.symmetric_difference_with([one.clone(), two.clone()]);
    /// assert!(!set.contains(&1) && set.contains(&2));
    /// ```
    #[doc(alias = "weakref.WeakSet.symmetric_difference_update")]
    pub fn symmetric_difference_with(&self, others: impl IntoIterator<Item = Gc<T, S>>) {
        // What comes twice counts once.
        let others: Vec<_> = others.into_iter().collect();
        for other in &others.iter().collect::<Self>() {
            if self.take_same(&other).is_none() {
                self.insert(&other);
            }
        }
    }
}

impl<T: ?Sized, S: Space, By: Equivalence<T>> PartialEq for WeakSet<T, S, By> {
    /// Whether both have the same living elements.
    fn eq(&self, other: &Self) -> bool {
        let all: Vec<_> = self.iter().collect();
        all.len() == other.iter().count() && all.iter().all(|element| other.has(element))
    }
}

impl<T: ?Sized, S: Space, By: Equivalence<T>> Eq for WeakSet<T, S, By> {}

/// An operator on two sets, and the one that changes the first.
macro_rules! operators {
    ($($op:ident $name:ident $method:ident, $assign:ident $assign_name:ident |$set:ident, $other:ident| $in_place:expr;)*) => {$(
        impl<T, S, By> $op for &WeakSet<T, S, By>
        where
            T: ?Sized + 'static,
            S: Space + Admits<T>,
            By: Equivalence<T>,
        {
            type Output = WeakSet<T, S, By>;

            fn $name(self, other: Self) -> WeakSet<T, S, By> {
                self.$method(other)
            }
        }

        impl<T, S, By> $assign<&WeakSet<T, S, By>> for WeakSet<T, S, By>
        where
            T: ?Sized + 'static,
            S: Space + Admits<T>,
            By: Equivalence<T>,
        {
            fn $assign_name(&mut self, $other: &WeakSet<T, S, By>) {
                let $set = &*self;
                $in_place;
            }
        }
    )*};
}

operators! {
    BitOr bitor union, BitOrAssign bitor_assign |set, other| { let mut set = set; set.extend(other) };
    BitAnd bitand intersection, BitAndAssign bitand_assign |set, other| set.intersect(other);
    Sub sub difference, SubAssign sub_assign |set, other| set.subtract(other);
    BitXor bitxor symmetric_difference, BitXorAssign bitxor_assign |set, other| set.symmetric_difference_with(other);
}

/// Extends a set, and makes one, from handles of this form.
macro_rules! from_handles {
    ($(<$($life:lifetime)?> $handle:ty => |$element:ident| $reference:expr;)*) => {$(
        impl<$($life,)? T, S, By> Extend<$handle> for &WeakSet<T, S, By>
        where
            T: ?Sized + 'static,
            S: Space + Admits<T>,
            By: Equivalence<T>,
        {
            /// Puts all of them in: Python's `update`, `|=`.
            fn extend<I: IntoIterator<Item = $handle>>(&mut self, elements: I) {
                for $element in elements {
                    self.insert($reference);
                }
            }
        }

        impl<$($life,)? T, S, By> Extend<$handle> for WeakSet<T, S, By>
        where
            T: ?Sized + 'static,
            S: Space + Admits<T>,
            By: Equivalence<T>,
        {
            /// Puts all of them in: Python's `update`, `|=`.
            fn extend<I: IntoIterator<Item = $handle>>(&mut self, elements: I) {
                (&*self).extend(elements);
            }
        }

        impl<$($life,)? T, S, By> FromIterator<$handle> for WeakSet<T, S, By>
        where
            T: ?Sized + 'static,
            S: Space + Admits<T>,
            By: Equivalence<T>,
        {
            fn from_iter<I: IntoIterator<Item = $handle>>(elements: I) -> Self {
                let set = WeakSet::new();
                (&set).extend(elements);
                set
            }
        }
    )*};
}

from_handles! {
    <'a> &'a Gc<T, S> => |element| element;
    <> Gc<T, S> => |element| &element;
}

impl<T, S, const N: usize> From<[&Gc<T, S>; N]> for WeakSet<T, S>
where
    T: ?Sized + 'static,
    S: Space + Admits<T>,
    ByValue: Equivalence<T>,
{
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let set = WeakSet::from([&one, &two]);
    /// assert!(set.contains(&1) && set.contains(&2));
    /// ```
    fn from(elements: [&Gc<T, S>; N]) -> Self {
        Self::from_iter(elements)
    }
}
