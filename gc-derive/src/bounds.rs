//! Which where-predicates the implementation needs.
//!
//! A field's type that mentions a type parameter is bounded as it stands,
//! `HashMap<K, Gc<V>>: Trace`: no other bound says exactly what is needed. But a
//! predicate that needs another implementation which needs the first makes the
//! compiler give up (E0275). That is so for a field that owns the type itself,
//! `Vec<Box<Node<T>>>` in `Node<T>`, and it may be so for a field that owns some
//! other generic type behind a pointer, `Vec<Stmt<T>>` in `Expr<T>`, which we
//! cannot look into. Such fields get a bound on each parameter in them, as the
//! standard library's derives do it. A circle of types that own each other by
//! value has a pointer somewhere, so it has a field of the second kind and ends
//! there. Handles end it as well: `Gc<Node<T>>` asks nothing of `Node<T>`.

use crate::input::{Field, Input, type_arguments};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::HashSet;
use syn::visit::{self, Visit};
use syn::{Ident, Path, PathSegment, Type, TypePath};
use syn::{WhereClause, WherePredicate, parse_quote};

/// What owns nothing of its type arguments that is traced: bounded as it
/// stands, whatever the arguments are.
const HANDLES: [&str; 6] = ["Arc", "Gc", "PhantomData", "Rc", "Weak", "WeakCallback"];

/// What holds its type arguments in place, so that it cannot hold what it is in.
const IN_PLACE: [&str; 12] = [
    "Cell",
    "ManuallyDrop",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "Option",
    "Poll",
    "RefCell",
    "Result",
    "Reverse",
    "RwLock",
    "Wrapping",
];

/// What is bounded as it stands also behind a pointer: it leads back to the
/// type only through its type arguments.
const CONTAINERS: [&str; 12] = [
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Box",
    "Cow",
    "HashMap",
    "HashSet",
    "LazyCell",
    "LinkedList",
    "Pin",
    "Vec",
    "VecDeque",
];

/// The where-clause of the implementation.
pub(crate) fn where_clause(input: &Input<'_>) -> WhereClause {
    let generics = &input.original.generics;
    let krate = input.krate();
    let mut clause = generics.clone().make_where_clause().clone();
    // Only what borrows nothing, or from what lives for ever, goes on the heap.
    clause.predicates.extend(generics.lifetimes().map(|param| -> WherePredicate {
        let lifetime = &param.lifetime;
        parse_quote!(#krate::__private::Borrowed<#lifetime>: 'static)
    }));
    clause.predicates.extend(input.bound().unwrap_or_else(|| inferred(input)));
    clause
}

/// The predicates that follow from the fields.
fn inferred(input: &Input<'_>) -> Vec<WherePredicate> {
    let scope = Scope::new(input);
    let krate = input.krate();
    let mut seen = HashSet::new();
    let fields = input.traced_fields().filter(|field| field.with().is_none());
    fields
        .flat_map(|field| scope.bounded(field))
        .filter(|ty| seen.insert(ty.to_token_stream().to_string()))
        .map(|ty| parse_quote!(#ty: #krate::Trace))
        .collect()
}

/// The names that mean something in a field's type.
struct Scope<'a> {
    own: &'a Ident,
    params: HashSet<&'a Ident>,
}

impl<'a> Scope<'a> {
    fn new(input: &Input<'a>) -> Self {
        let own = &input.original.ident;
        let params = input.original.generics.type_params().map(|param| &param.ident).collect();
        Scope { own, params }
    }

    /// The types that must be `Trace` for `field` to be so.
    fn bounded(&self, field: &Field<'_>) -> Vec<Type> {
        let ty = &field.original.ty;
        if !self.mentions_param(ty.to_token_stream()) {
            Vec::new()
        } else if self.may_recur(ty, false) {
            let mut owned = Owned { scope: self, types: Vec::new() };
            owned.visit_type(ty);
            owned.types
        } else {
            vec![ty.clone()]
        }
    }

    /// Whether one of the type parameters stands somewhere in `tokens`.
    fn mentions_param(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => self.mentions_param(group.stream()),
            TokenTree::Ident(name) => self.params.contains(&name),
            _ => false,
        })
    }

    /// Whether to ask if `ty` is `Trace` may lead back to the type itself;
    /// `behind` says that `ty` stands behind a pointer, so that it may own it.
    fn may_recur(&self, ty: &Type, behind: bool) -> bool {
        match ty {
            Type::Array(array) => self.may_recur(&array.elem, behind),
            Type::Group(group) => self.may_recur(&group.elem, behind),
            Type::Paren(paren) => self.may_recur(&paren.elem, behind),
            Type::Slice(slice) => self.may_recur(&slice.elem, behind),
            Type::Tuple(tuple) => tuple.elems.iter().any(|ty| self.may_recur(ty, behind)),
            Type::Path(path) => match path.path.segments.last() {
                Some(last) if !self.is_param(path) => self.segment_may_recur(last, behind),
                _ => false,
            },
            _ => false,
        }
    }

    fn segment_may_recur(&self, last: &PathSegment, behind: bool) -> bool {
        if is_one_of(&last.ident, &HANDLES) {
            return false;
        }
        if last.ident == *self.own || last.ident == "Self" {
            return true;
        }
        let in_place = is_one_of(&last.ident, &IN_PLACE);
        let known = in_place || is_one_of(&last.ident, &CONTAINERS);
        let mut arguments = type_arguments(last).peekable();
        (arguments.peek().is_some() && behind && !known)
            || arguments.any(|ty| self.may_recur(ty, behind || !in_place))
    }

    /// Whether `ty` is a type parameter or a projection: `T`, `T::Item`,
    /// `<T as Iterator>::Item`.
    fn is_param(&self, ty: &TypePath) -> bool {
        match &ty.qself {
            Some(qself) => self.mentions_param(qself.ty.to_token_stream()),
            None => starts_with(&ty.path, &self.params),
        }
    }
}

/// Finds the parameters and projections that a type owns something of.
struct Owned<'a> {
    scope: &'a Scope<'a>,
    types: Vec<Type>,
}

impl<'ast> Visit<'ast> for Owned<'_> {
    fn visit_type(&mut self, ty: &'ast Type) {
        match ty {
            Type::Path(path) if self.scope.is_param(path) => self.types.push(ty.clone()),
            // What is behind these is not owned, or is nobody's.
            Type::BareFn(_) | Type::Ptr(_) | Type::Reference(_) | Type::TraitObject(_) => {}
            _ => visit::visit_type(self, ty),
        }
    }

    fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
        let owned = match segment.ident.to_string().as_str() {
            name if HANDLES.contains(&name) => 0,
            // The hasher is not traced.
            "HashMap" => 2,
            "HashSet" => 1,
            _ => usize::MAX,
        };
        for ty in type_arguments(segment).take(owned) {
            self.visit_type(ty);
        }
    }

    fn visit_expr(&mut self, _: &'ast syn::Expr) {}
}

fn is_one_of(name: &Ident, names: &[&str]) -> bool {
    names.iter().any(|known| name == known)
}

fn starts_with(path: &Path, params: &HashSet<&Ident>) -> bool {
    let first = path.segments.first().filter(|_| path.leading_colon.is_none());
    first.is_some_and(|first| params.contains(&first.ident))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Errors;

    /// The inferred predicates for `struct Own<'a, T, U, S> { .. }` with these fields.
    fn predicates_of(fields: &str) -> Vec<String> {
        let text = format!("struct Own<'a, T, U, S, const N: usize> {{ {fields} }}");
        let original = syn::parse_str(&text).expect("the fields parse");
        let input = Input::new(&original, &mut Errors::default());
        let bare = |predicate: &WherePredicate| {
            predicate.to_token_stream().to_string().replace(" : :: gc_core :: Trace", "")
        };
        inferred(&input).iter().map(bare).map(|text| text.replace(' ', "")).collect()
    }

    #[test]
    fn field_types_that_mention_no_parameter_need_nothing() {
        assert_eq!(predicates_of("a: Vec<Gc<u8>>, b: [u8; N], c: &'a str"), [""; 0]);
    }

    #[test]
    fn field_types_are_bounded_as_they_stand() {
        for ty in [
            "T",
            "T::Item",
            "<T as Iterator>::Item",
            "(T, u8)",
            "[T; N]",
            "&'static T",
            "PhantomData<T>",
            "Gc<T>",
            "Foo<T>",
            "std::vec::Vec<T>",
            "RefCell<Foo<T>>",
            "Foo<Vec<T>>",
            "HashMap<T, Vec<Gc<Foo<U>>>, S>",
            "Box<dyn Fn(T)>",
        ] {
            assert_eq!(predicates_of(&format!("a: {ty}")), [ty.replace(' ', "")]);
        }
    }

    #[test]
    fn each_type_is_bounded_once() {
        assert_eq!(predicates_of("a: T, b: T, c: Vec<U>, d: T"), ["T", "Vec<U>"]);
    }

    #[test]
    fn what_may_lead_back_is_bounded_by_its_parameters() {
        for (ty, params) in [
            ("Vec<Box<Own<'a, T, T, T, 0>>>", vec!["T"]),
            ("Option<Box<Self>>, x: T", vec!["T"]),
            ("Vec<Foo<T>>", vec!["T"]),
            ("Foo<Bar<T>, U>", vec!["T", "U"]),
            ("(Vec<Foo<T::Item>>, Gc<U>)", vec!["T::Item"]),
            ("HashMap<T, Vec<Foo<U>>, S>", vec!["T", "U"]),
            ("Vec<Foo<[T; { size_of::<U>() }]>>", vec!["T"]),
            ("Vec<(Foo<T>, fn(U), &'static S)>", vec!["T"]),
        ] {
            assert_eq!(predicates_of(&format!("a: {ty}")), params, "{ty}");
        }
    }

    #[test]
    fn handles_end_the_circle() {
        assert_eq!(predicates_of("a: Option<Gc<Own<'a, T, U, S, N>>>").len(), 1);
    }

    #[test]
    fn what_is_not_traced_needs_nothing() {
        let fields = "#[trace(skip)] a: T, #[trace(unsafe(with = f))] b: U, c: Option<fn(&S)>";
        assert_eq!(predicates_of(fields), [""; 0]);
    }
}
