//! Components against the closure of "reaches".

use super::super::graph::tests::{Random, graph_of};
use super::*;

/// The components of the members, as the collector gets them.
fn components(edges: &[Vec<u32>], is_member: impl Fn(u32) -> bool) -> Vec<Vec<u32>> {
    let found = Components::find(&graph_of(edges), is_member).unwrap();
    found.iter().map(<[u32]>::to_vec).collect()
}

/// Which member reaches which, along edges between members.
fn closure(edges: &[Vec<u32>], is_member: impl Fn(u32) -> bool) -> Vec<Vec<bool>> {
    let nodes = edges.len();
    let member = |node: usize| is_member(u32::try_from(node).unwrap());
    let mut reaches = vec![vec![false; nodes]; nodes];
    for (node, targets) in edges.iter().enumerate().filter(|&(node, _)| member(node)) {
        reaches[node][node] = true;
        for &target in targets.iter().filter(|&&target| is_member(target)) {
            reaches[node][target as usize] = true;
        }
    }
    for middle in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
            }
        }
    }
    reaches
}

/// Checks the components of one graph; how many there are.
fn check(edges: &[Vec<u32>], is_member: impl Fn(u32) -> bool) -> usize {
    let found = components(edges, &is_member);
    let reaches = closure(edges, &is_member);
    let place = |node: u32| {
        let holders = found.iter().enumerate().filter(|(_, members)| members.contains(&node));
        holders.map(|(place, _)| place).collect::<Vec<_>>()
    };
    let nodes = u32::try_from(edges.len()).unwrap();
    for a in 0..nodes {
        assert_eq!(place(a).len(), usize::from(is_member(a)), "{a} in {edges:?}: {found:?}");
    }
    for a in (0..nodes).filter(|&node| is_member(node)) {
        for b in (0..nodes).filter(|&node| is_member(node)) {
            let [there, back] = [(a, b), (b, a)].map(|(x, y)| reaches[x as usize][y as usize]);
            let together = place(a) == place(b);
            assert_eq!(together, there && back, "{a} and {b} in {edges:?}: {found:?}");
            assert!(!there || place(a) <= place(b), "{a} to {b} in {edges:?}: {found:?}");
        }
    }
    for members in &found {
        assert!(members.is_sorted() && !members.is_empty(), "{edges:?}: {found:?}");
    }
    found.len()
}

/// The graph with the edges that are set in `bits`, one bit for each pair.
fn graph_with(nodes: u32, bits: u32) -> Vec<Vec<u32>> {
    let has = |from: u32, to: &u32| bits & (1 << (from * nodes + to)) != 0;
    (0..nodes).map(|from| (0..nodes).filter(|to| has(from, to)).collect()).collect()
}

#[test]
fn all_graphs_of_three_nodes_with_all_sets_of_members() {
    for bits in 0..1 << 9 {
        for members in 0..1 << 3 {
            check(&graph_with(3, bits), |node| members & (1 << node) != 0);
        }
    }
}

#[test]
fn all_graphs_of_four_nodes() {
    // A prime step: under Miri some of everything.
    let step = if cfg!(miri) { 997 } else { 1 };
    for bits in (0..1 << 16).step_by(step) {
        check(&graph_with(4, bits), |_| true);
    }
}

#[test]
fn random_graphs() {
    let mut random = Random::new();
    let (mut split, mut whole) = (0, 0);
    let rounds = if cfg!(miri) { 20 } else { 1_000 };
    for _ in 0..rounds {
        let nodes = 1 + random.below(24);
        let mut edges = vec![Vec::new(); nodes];
        for _ in 0..random.below(3 * nodes) {
            let target = u32::try_from(random.below(nodes)).unwrap();
            edges[random.below(nodes)].push(target);
        }
        let excluded = random.below(1 << 24) & random.below(1 << 24);
        let found = check(&edges, |node| excluded & (1 << node) == 0);
        let members = (0..nodes).filter(|node| excluded & (1 << node) == 0).count();
        split += usize::from(found > 1);
        whole += usize::from(found < members);
    }
    assert!(split > rounds / 4 && whole > rounds / 4, "{split} {whole}");
}

#[test]
fn an_empty_graph_has_no_components() {
    assert_eq!(components(&[], |_| true).len(), 0);
    assert_eq!(Components::find(&Graph::default(), |_| true).unwrap().iter().count(), 0);
    assert_eq!(components(&[vec![0]], |_| false).len(), 0);
}

const LONG: u32 = if cfg!(miri) { 1_000 } else { 1_000_000 };

#[test]
fn a_long_chain_falls_apart_in_its_order() {
    let mut edges: Vec<Vec<u32>> = (1..LONG).map(|next| vec![next]).collect();
    edges.push(Vec::new());
    let found = components(&edges, |_| true);
    assert!(found.iter().map(Vec::as_slice).eq((0..LONG).map(|node| [node])));
}

#[test]
fn a_long_chain_from_its_end_falls_apart_in_its_order() {
    let edges: Vec<Vec<u32>> =
        (0..LONG).map(|node| node.checked_sub(1).into_iter().collect()).collect();
    let found = components(&edges, |_| true);
    assert!(found.iter().map(Vec::as_slice).eq((0..LONG).rev().map(|node| [node])));
}

#[test]
fn a_long_ring_is_one_component() {
    let edges: Vec<Vec<u32>> = (0..LONG).map(|node| vec![(node + 1) % LONG]).collect();
    let found = components(&edges, |_| true);
    assert_eq!(found.len(), 1);
    assert!(found[0].iter().copied().eq(0..LONG));
}
