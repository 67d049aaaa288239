#!/usr/bin/env python3
"""CPython's side of the comparison: `src/process.rs` starts it as it starts the Rust programs.

    worker.py --serve WORKLOAD CPython          a batch for each line of input
    worker.py --check WORKLOAD CPython          the blocks that some batches leave behind, in bytes of 64
    worker.py --depth WORKLOAD CPython SIZE     a structure of that size

The interpreter's own objects are frozen, so that collections do not go through them. Thresholds are the
default ones.
"""

import gc
import sys
import time


class Node:
    __slots__ = ("value", "next", "previous")

    def __init__(self, value=0, next=None):
        self.value = value
        self.next = next
        self.previous = None


class Member:
    __slots__ = ("parent", "children")

    def __init__(self, parent=None):
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)


def timed(operations, work):
    """Nanoseconds of CPU time for one operation."""
    started = time.process_time_ns()
    work()
    return (time.process_time_ns() - started) / operations


def ring(nodes):
    last = first = Node(0)
    for value in range(1, nodes):
        first = Node(value, first)
    last.next = first
    return last


def linked(nodes):
    """A list of nodes that know the next and the one before."""
    last = Node(0)
    for value in range(1, nodes):
        node = Node(value)
        last.next = node
        node.previous = last
        last = node
    return last


def walk():
    nodes = chain(1000)

    def work():
        for _ in range(50):
            total(nodes)

    return lambda: timed(50_000, work)


def chain(count):
    rest = None
    for value in range(count):
        rest = Node(value, rest)
    return rest


def total(rest):
    result = 0
    while rest is not None:
        result += rest.value
        rest = rest.next
    return result


def shuffle(random, values):
    for place in range(len(values) - 1, 0, -1):
        other = random(place + 1)
        values[place], values[other] = values[other], values[place]


def random_numbers():
    state = 0x9E3779B97F4A7C15

    def below(end):
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 7
        state ^= (state << 17) & 0xFFFFFFFFFFFFFFFF
        return (state >> 32) % end

    return below


def scattered():
    random = random_numbers()
    lists = [None] * 1000
    order = list(range(1000))
    for value in range(1000):
        shuffle(random, order)
        for place in order:
            lists[place] = Node(value, lists[place])
    return lambda: timed(1_000_000, lambda: [total(rest) for rest in lists])


def made(make):
    def work():
        for _ in range(20_000):
            make()

    return lambda: lambda: timed(20_000, work)


def rings(nodes):
    def work():
        for _ in range(20_000 // nodes):
            ring(nodes)
        gc.collect()

    return lambda: lambda: timed(20_000, work)


def linked_list(nodes):
    def work():
        linked(nodes)
        gc.collect()

    return lambda: lambda: timed(nodes, work)


def binary():
    def tree(depth):
        return (tree(depth - 1), tree(depth - 1)) if depth else ()

    def size(tree):
        return 1 + sum(size(child) for child in tree)

    def work():
        assert size(tree(12)) == 8191

    return lambda: timed(8191, work)


def family():
    def grow(parent, levels):
        if levels:
            for _ in range(10):
                grow(Member(parent), levels - 1)

    def work():
        grow(Member(), 3)
        gc.collect()

    return lambda: timed(1111, work)


def graph():
    random = random_numbers()
    held = [Node(value) for value in range(1000)]

    def work():
        for _ in range(20_000):
            one = random(1000)
            change = random(8)
            if change < 2:
                held[one] = Node(1)
            else:
                other = held[random(1000)] if change < 6 else None
                if random(2):
                    held[one].previous = other
                else:
                    held[one].next = other
        gc.collect()

    return lambda: timed(20_000, work)


def alive(count, each):
    """Nodes in lists that are linked both ways."""
    nodes = [Node(value) for value in range(count)]
    for place in range(1, count):
        if place % each:
            nodes[place - 1].next = nodes[place]
            nodes[place].previous = nodes[place - 1]
    return nodes


def pair(link=None):
    one = Node(1)
    other = Node(2, one)
    one.previous = link
    one.next = other


def churn(count, each, holds):
    def start():
        nodes = alive(count, each)

        def work():
            if holds:
                for index in range(100_000):
                    pair(nodes[index * 7919 % count])
            else:
                for _ in range(100_000):
                    pair()
            gc.collect()

        return lambda: timed(100_000, work)

    return start


def waited():
    """What this thread has waited for a processor, in nanoseconds, where Linux tells."""
    try:
        with open("/proc/thread-self/schedstat") as file:
            return int(file.read().split()[1])
    except OSError:
        return 0


def stalls(count, each, per_mille):
    def start():
        nodes = alive(count, each)

        def batch():
            times = []
            before = 0
            for index in range(200_000):
                if index % 64 == 0:
                    before = waited()
                started = time.perf_counter_ns()
                pair(nodes[index * 7919 % count])
                for also in range(4):
                    node = nodes[(index * 4 + also) * 7919 % count]
                    other = node.next
                    node.next = None
                    node.next = other
                took = time.perf_counter_ns() - started
                if took > 20_000:
                    now = waited()
                    took, before = max(took - (now - before), 0), now
                times.append(took)
            gc.collect()
            times.sort()
            return times[(len(times) - 1) * per_mille // 1000]

        return batch

    return start


def gc_collect():
    def build():
        gc.disable()
        for _ in range(100):
            first = last = Node()
            for value in range(1, 21):
                node = Node(value)
                last.next = node
                node.previous = last
                last = node
            last.next = first
            first.previous = last
        gc.enable()

    def collect():
        assert gc.collect() >= 2100

    def batch():
        gc.collect()
        build()
        return timed(2100, collect)

    return batch


def gc_traversal():
    top = []
    for edges in range(1, 1000):
        top = [top] * edges
    gc.collect()
    return lambda top=top: timed(499_500, gc.collect)


def node_bytes():
    # With the collector's header, which `getsizeof` adds; small numbers are shared.
    return lambda: float(sys.getsizeof(Node()))


def deep_list(size):
    rest = chain(size)
    del rest
    gc.collect()


def deep_cycle(size):
    ring(size)
    gc.collect()


def deep_alive(size):
    last = linked(size)
    gc.collect()
    return last


STARTS = {
    "deref: walk of a list of 1000": walk,
    "deref: walk of 1000 lists of 1000, scattered": scattered,
    "new + last drop: number": made(lambda: float(1)),
    "new + last drop: string": made(lambda: str(1234567)),
    "new + last drop: node without links": made(Node),
    "binary tree of 8191: build, walk, drop": binary,
    "tree of 1111 with parents: build and reclaim": family,
    "random graph of 1000": graph,
    "gc_collect: 100 rings of 21": gc_collect,
    "gc_traversal: 1000 levels, 499500 edges": gc_traversal,
    "bytes: a node with two links and a number": node_bytes,
}
for count in (2, 10, 1000):
    STARTS[f"rings of {count}: build and reclaim"] = rings(count)
for count in (1000, 100_000):
    STARTS[f"list of {count}, linked both ways: build and reclaim"] = linked_list(count)
for count in (10_000, 100_000, 1_000_000):
    STARTS[f"churn beside {count} live"] = churn(count, 100, False)
    STARTS[f"churn that holds some of {count} live"] = churn(count, 100, True)
    STARTS[f"churn that holds some of a list of {count} live"] = churn(count, count, True)
    STARTS[f"stall beside {count} live: longest"] = stalls(count, 100, 1000)
    STARTS[f"stall beside {count} live: 99.9%"] = stalls(count, 100, 999)

DEPTHS = {
    "largest list that is dropped": deep_list,
    "largest cycle that is collected": deep_cycle,
    "largest live list that a collection goes through": deep_alive,
}


def serve(batch):
    print("ready", flush=True)
    for _ in sys.stdin:
        # As in `src/worker.rs`.
        started = time.perf_counter_ns()
        figure = batch()
        if time.perf_counter_ns() - started < 10_000_000:
            batch()
            figure = batch()
        print(figure, flush=True)


def check(batch):
    def some():
        batch()
        batch()
        gc.collect()
        return sys.getallocatedblocks()

    before = some()
    print((some() - before) * 64, flush=True)


def main():
    task, workload = sys.argv[1:3]
    if workload not in STARTS and workload not in DEPTHS:
        sys.exit(f"no workload {workload!r}")
    gc.collect()
    gc.freeze()
    if task == "--depth":
        DEPTHS[workload](int(sys.argv[4]))
        print("survived", flush=True)
    elif task == "--check":
        check(STARTS[workload]())
    else:
        serve(STARTS[workload]())


if __name__ == "__main__":
    main()
