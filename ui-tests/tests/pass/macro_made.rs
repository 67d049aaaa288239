//! Types that a macro writes: types and paths arrive in invisible delimiters.

mod library {
    pub use gc_core;

    macro_rules! node {
        ($name:ident<$param:ident>, $field:ty, $with:path, $bound:literal) => {
            #[derive($crate::library::gc_core::Trace)]
            #[trace(crate = $crate::library::gc_core, bound = $bound)]
            struct $name<$param> {
                field: $field,
                fields: Vec<$field>,
                // SAFETY: it shows nothing.
                #[trace(unsafe(with = $with))]
                other: $field,
            }
        };
    }
    pub(crate) use node;
}

library::node!(Node<T>, Option<T>, nothing, "T: gc_core::Trace");

fn nothing<T>(_: &T, _: &mut gc_core::Tracer<'_>) {}

macro_rules! tree {
    ($name:ident, $($variant:ident($ty:ty)),*) => {
        #[derive(gc_core::Trace)]
        enum $name<T> {
            $($variant($ty),)*
            Leaf(T),
        }
    };
}

tree!(Tree, Children(Vec<Tree<T>>), Parent(Option<gc_core::unsync::Gc<Tree<T>>>));

fn main() {
    drop(gc_core::unsync::Gc::new(Node { field: Some(1), fields: Vec::new(), other: None }));
    drop(gc_core::unsync::Gc::new(Tree::Leaf(1)));
    drop((
        Tree::Parent(Some(gc_core::unsync::Gc::new(Tree::Leaf(1)))),
        Tree::Children::<u8>(vec![]),
    ));
}
