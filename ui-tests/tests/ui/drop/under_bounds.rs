use gc_core::Trace;

#[derive(Trace)]
enum Value<T: Iterator, const N: usize>
where
    T::Item: Clone,
{
    Many([T; N]),
    One(T::Item),
}

impl<T: Iterator, const N: usize> Drop for Value<T, N>
where
    T::Item: Clone,
{
    fn drop(&mut self) {}
}

fn main() {}
