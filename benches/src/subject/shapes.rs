//! The shapes of the objects, for pointers that are used like `Rc`.

/// Declares the shapes with a pointer's own types, and gives the part of
/// [`Subject`](super::Subject) that is the same for all pointers like `Rc`.
///
/// `handle` and `cell` are generic types; `traced` are the attributes that the
/// pointer wants on a type that holds handles; `up` is the handle from a child to its parent.
macro_rules! shapes {
    (
        traced: { $($traced:tt)* },
        handle: $Handle:ident,
        cell: $Cell:ident,
        up: $Up:ident,
    ) => {
        /// See `Subject::List`.
        $($traced)*
        #[allow(missing_debug_implementations, reason = "not every peer's cell has it")]
        pub(crate) struct List {
            head: u64,
            tail: Option<$Handle<List>>,
        }

        /// See `Subject::Node`.
        $($traced)*
        #[allow(missing_debug_implementations, reason = "not every peer's cell has it")]
        pub(crate) struct Node {
            #[allow(dead_code, reason = "it is there to be held")]
            value: u64,
            next: $Cell<Option<$Handle<Node>>>,
            previous: $Cell<Option<$Handle<Node>>>,
        }

        /// See `Subject::Branch`.
        $($traced)*
        #[allow(missing_debug_implementations, reason = "not every peer's cell has it")]
        pub(crate) struct Branch {
            children: Option<($Handle<Branch>, $Handle<Branch>)>,
        }

        /// See `Subject::Member`.
        $($traced)*
        #[allow(missing_debug_implementations, reason = "not every peer's cell has it")]
        pub(crate) struct Member {
            #[allow(dead_code, reason = "it is there to be held")]
            parent: Option<$Up<Member>>,
            children: $Cell<Vec<$Handle<Member>>>,
        }

        /// See `Subject::Level`.
        $($traced)*
        #[allow(missing_debug_implementations, reason = "not every peer's cell has it")]
        pub(crate) struct Level {
            #[allow(dead_code, reason = "it is there to be held")]
            edges: Vec<$Handle<Level>>,
        }
    };
}
pub(super) use shapes;

/// The methods of [`Subject`](super::Subject) for the types of [`shapes`]: `make` makes a handle, `to_up` makes the
/// one to a parent from a `&handle`, and `sum` walks a list, see [`sum_by_reference`] and [`sum_by_guard`].
macro_rules! shape_methods {
    (handle: $Handle:ident, make: $make:expr, cell: $Cell:ident, to_up: $to_up:expr, sum: $sum:ident,) => {
        type Number = $Handle<u64>;
        type Text = $Handle<String>;
        type List = $Handle<List>;
        type Node = $Handle<Node>;
        type Branch = $Handle<Branch>;
        type Member = $Handle<Member>;
        type Level = $Handle<Level>;

        #[inline]
        fn number(value: u64) -> Self::Number {
            $make(value)
        }

        #[inline]
        fn read(number: &Self::Number) -> u64 {
            number.look(|number| *number)
        }

        #[inline]
        fn text(text: String) -> Self::Text {
            $make(text)
        }

        #[inline]
        fn cons(head: u64, tail: Option<Self::List>) -> Self::List {
            $make(List { head, tail })
        }

        #[inline]
        fn sum(list: &Self::List) -> u64 {
            $crate::subject::shapes::$sum!(list)
        }

        #[inline]
        fn node(value: u64, next: Option<Self::Node>) -> Self::Node {
            $make(Node { value, next: $Cell::new(next), previous: $Cell::new(None) })
        }

        #[inline]
        fn set_next(node: &Self::Node, next: Option<Self::Node>) {
            node.look(|node| node.next.put(next));
        }

        #[inline]
        fn set_previous(node: &Self::Node, previous: Option<Self::Node>) {
            node.look(|node| node.previous.put(previous));
        }

        #[inline]
        fn take_next(node: &Self::Node) -> Option<Self::Node> {
            node.look(|node| node.next.put(None))
        }

        #[inline]
        fn take_previous(node: &Self::Node) -> Option<Self::Node> {
            node.look(|node| node.previous.put(None))
        }

        #[inline]
        fn branch(children: Option<(Self::Branch, Self::Branch)>) -> Self::Branch {
            $make(Branch { children })
        }

        fn size(tree: &Self::Branch) -> usize {
            tree.look(|tree| match &tree.children {
                Some((left, right)) => 1 + Self::size(left) + Self::size(right),
                None => 1,
            })
        }

        #[inline]
        fn member(parent: Option<&Self::Member>) -> Self::Member {
            let children = $Cell::new(Vec::new());
            let member = $make(Member { parent: parent.map($to_up), children });
            if let Some(parent) = parent {
                let child = member.clone();
                parent.look(|parent| parent.children.with(|children| children.push(child)));
            }
            member
        }

        #[inline]
        fn level(edges: Vec<Self::Level>) -> Self::Level {
            $make(Level { edges })
        }
    };
}
pub(super) use shape_methods;

/// Follows references from one object to the next.
macro_rules! sum_by_reference {
    ($list:ident) => {{
        let mut sum = 0_u64;
        let mut rest = Some($list);
        while let Some(list) = rest {
            sum = sum.wrapping_add(list.head);
            rest = list.tail.as_ref();
        }
        sum
    }};
}
pub(super) use sum_by_reference;

/// Weak handles that are made by `downgrade`.
macro_rules! weak_methods {
    (weak: $Weak:ident, downgrade: $downgrade:expr,) => {
        type WeakNumber = $Weak<u64>;
        type WeakNode = $Weak<Node>;

        #[inline]
        fn downgrade_number(number: &Self::Number) -> Self::WeakNumber {
            $downgrade(number)
        }

        #[inline]
        fn upgrade_number(weak: &Self::WeakNumber) -> Option<Self::Number> {
            weak.upgrade()
        }

        #[inline]
        fn downgrade_node(node: &Self::Node) -> Self::WeakNode {
            $downgrade(node)
        }

        #[inline]
        fn upgrade_node(weak: &Self::WeakNode) -> Option<Self::Node> {
            weak.upgrade()
        }
    };
}
pub(super) use weak_methods;

/// Takes a guard of one object after the other, and holds them all: each is a loan from the one before.
#[cfg(feature = "peers")]
macro_rules! sum_by_guard {
    ($list:ident) => {
        $list.look(|list| list.head.wrapping_add(list.tail.as_ref().map_or(0, Self::sum)))
    };
}
#[cfg(feature = "peers")]
pub(super) use sum_by_guard;
