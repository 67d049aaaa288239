//! The flags of an object. They ride in the low bits of its table pointer.

use std::fmt;

/// A set of flags, or the generation, of one object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Flags(usize);

impl Flags {
    /// No flag, youngest generation.
    pub const NONE: Flags = Flags(0);
    /// The value cannot hold a `Gc`: the object never is a candidate and never traced. (Not set any
    /// more once something was attached to it.)
    pub const LEAF: Flags = Flags(1);
    /// It stands in a candidate buffer.
    pub const BUFFERED: Flags = Flags(1 << 1);
    /// It stands in the snapshot of the collection that is going on.
    pub const CAPTURED: Flags = Flags(1 << 2);
    /// Its value is dropped or about to be: weak handles no longer upgrade.
    pub const DEAD: Flags = Flags(1 << 3);
    /// Its finalizer has run, or there is none.
    pub const FINALIZED: Flags = Flags(1 << 4);
    /// There are records of it beside its value: callbacks of weak handles, or what is attached.
    pub const WATCHED: Flags = Flags(1 << 5);
    /// It was made pinned: no handle to it is given out that is not.
    pub const PINNED: Flags = Flags(1 << 6);

    /// Nothing but the type's own flags, and those say that nobody looks at its objects.
    pub const PLAIN: Flags = Flags(Flags::LEAF.0 | Flags::FINALIZED.0);
    /// The object's place in a table stands where its weak shares are otherwise.
    pub const PARKED: Flags = Flags(Flags::BUFFERED.0 | Flags::CAPTURED.0);
    /// A dropped handle that leaves others behind tells nobody of it.
    pub const QUIET: Flags = Flags(Flags::LEAF.0 | Flags::BUFFERED.0 | Flags::DEAD.0);

    const GENERATION_SHIFT: u32 = 7;
    const GENERATION: usize = 0b11 << Flags::GENERATION_SHIFT;
    /// Every bit in use.
    pub(super) const ALL: usize = Flags::TABLE_ALIGN - 1;

    /// How a type's table must be aligned for the flags to fit below its address.
    pub const TABLE_ALIGN: usize = 1 << (Flags::GENERATION_SHIFT + 2);

    /// The flags in the low bits of `address`.
    #[inline]
    pub(super) const fn of_address(address: usize) -> Flags {
        Flags(address & Flags::ALL)
    }

    /// The flags that [`bits`](Flags::bits) gave.
    #[inline]
    pub(super) const fn of_bits(bits: usize) -> Flags {
        Flags(bits)
    }

    /// The flags as the low bits of an address.
    #[inline]
    pub(super) const fn bits(self) -> usize {
        self.0
    }

    /// Whether any flag of `other` is set.
    #[inline]
    pub const fn any(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every flag of `other` is set.
    #[inline]
    pub const fn all(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets.
    #[inline]
    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// The set without the flags of `other`.
    #[inline]
    pub const fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    /// What is in both sets.
    #[inline]
    pub const fn only(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }

    /// `other` if `condition` holds, else nothing.
    #[inline]
    pub const fn only_if(self, condition: bool) -> Flags {
        if condition { self } else { Flags::NONE }
    }

    /// The generation: 0 is the youngest.
    #[inline]
    pub const fn generation(self) -> usize {
        (self.0 & Flags::GENERATION) >> Flags::GENERATION_SHIFT
    }

    /// The flags that say `generation`, for [`Head::set`](super::Head::set).
    #[inline]
    pub const fn of_generation(generation: usize) -> Flags {
        Flags((generation << Flags::GENERATION_SHIFT) & Flags::GENERATION)
    }

    /// The bits that the generation is kept in, for [`Head::clear`](super::Head::clear).
    pub const ANY_GENERATION: Flags = Flags(Flags::GENERATION);
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({:#010b})", self.0)
    }
}
