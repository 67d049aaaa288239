//! The shapes of the objects, for pointers that are used like `Rc`.

/// Declares the shapes with a pointer's own types, and gives the part of
/// [`Subject`](super::Subject) that is the same for all pointers like `Rc`.
///
/// `handle`, `weak` and `cell` are generic types; `traced` are the attributes that the
/// pointer wants on a type that holds handles; `up` is the handle from a
/// child to its parent, which is made from a `&handle` by `to_up`.
macro_rules! shapes {
    (
        traced: { $($traced:tt)* },
        handle: $Handle:ident,
        weak: $Weak:ident,
        cell: $Cell:ident,
        up: $Up:ident,
    ) => {
        /// See `Subject::List`.
        $($traced)*
        #[derive(Debug)]
        pub(crate) struct List {
            head: u64,
            tail: Option<$Handle<List>>,
        }

        /// See `Subject::Node`.
        $($traced)*
        #[derive(Debug)]
        pub(crate) struct Node {
            #[allow(dead_code, reason = "it is there to be held")]
            value: u64,
            next: $Cell<Option<$Handle<Node>>>,
            previous: $Cell<Option<$Handle<Node>>>,
        }

        /// See `Subject::Branch`.
        $($traced)*
        #[derive(Debug)]
        pub(crate) struct Branch {
            children: Option<($Handle<Branch>, $Handle<Branch>)>,
        }

        /// See `Subject::Member`.
        $($traced)*
        #[derive(Debug)]
        pub(crate) struct Member {
            #[allow(dead_code, reason = "it is there to be held")]
            parent: Option<$Up<Member>>,
            children: $Cell<Vec<$Handle<Member>>>,
        }

        /// See `Subject::Level`.
        $($traced)*
        #[derive(Debug)]
        pub(crate) struct Level {
            #[allow(dead_code, reason = "it is there to be held")]
            edges: Vec<$Handle<Level>>,
        }
    };
}
pub(super) use shapes;

/// The methods of [`Subject`](super::Subject) for the types of [`shapes`].
macro_rules! shape_methods {
    (handle: $Handle:ident, weak: $Weak:ident, cell: $Cell:ident, to_up: $to_up:expr,) => {
        type Number = $Handle<u64>;
        type WeakNumber = $Weak<u64>;
        type Text = $Handle<String>;
        type List = $Handle<List>;
        type Node = $Handle<Node>;
        type WeakNode = $Weak<Node>;
        type Branch = $Handle<Branch>;
        type Member = $Handle<Member>;
        type Level = $Handle<Level>;

        #[inline]
        fn number(value: u64) -> Self::Number {
            $Handle::new(value)
        }

        #[inline]
        fn downgrade_number(number: &Self::Number) -> Self::WeakNumber {
            $Handle::downgrade(number)
        }

        #[inline]
        fn upgrade_number(weak: &Self::WeakNumber) -> Option<Self::Number> {
            weak.upgrade()
        }

        #[inline]
        fn text(text: String) -> Self::Text {
            $Handle::new(text)
        }

        #[inline]
        fn cons(head: u64, tail: Option<Self::List>) -> Self::List {
            $Handle::new(List { head, tail })
        }

        #[inline]
        fn head(list: &Self::List) -> u64 {
            list.head
        }

        #[inline]
        fn tail(list: &Self::List) -> Option<&Self::List> {
            list.tail.as_ref()
        }

        #[inline]
        fn node(value: u64, next: Option<Self::Node>) -> Self::Node {
            $Handle::new(Node { value, next: $Cell::new(next), previous: $Cell::new(None) })
        }

        #[inline]
        fn set_next(node: &Self::Node, next: Option<Self::Node>) {
            node.next.put(next);
        }

        #[inline]
        fn set_previous(node: &Self::Node, previous: Option<Self::Node>) {
            node.previous.put(previous);
        }

        #[inline]
        fn take_next(node: &Self::Node) -> Option<Self::Node> {
            node.next.put(None)
        }

        #[inline]
        fn downgrade_node(node: &Self::Node) -> Self::WeakNode {
            $Handle::downgrade(node)
        }

        #[inline]
        fn upgrade_node(weak: &Self::WeakNode) -> Option<Self::Node> {
            weak.upgrade()
        }

        #[inline]
        fn branch(children: Option<(Self::Branch, Self::Branch)>) -> Self::Branch {
            $Handle::new(Branch { children })
        }

        #[inline]
        fn children(branch: &Self::Branch) -> Option<(&Self::Branch, &Self::Branch)> {
            branch.children.as_ref().map(|(left, right)| (left, right))
        }

        #[inline]
        fn member(parent: Option<&Self::Member>) -> Self::Member {
            let member =
                $Handle::new(Member { parent: parent.map($to_up), children: $Cell::default() });
            if let Some(parent) = parent {
                parent.children.with(|children| children.push(member.clone()));
            }
            member
        }

        #[inline]
        fn level(edges: Vec<Self::Level>) -> Self::Level {
            $Handle::new(Level { edges })
        }
    };
}
pub(super) use shape_methods;
