"""Volunteers laid out so that the cheapest for a request are found without looking at all of them.

A packed R-tree: volunteers in the order of the Hilbert curve, 32 to a leaf, 8 children to a node. Each node knows
the box that its people live in and what any of them could do at best (all kinds, all languages, the longest reach,
the least cost), so whole towns are passed over when nobody there could qualify. People come, go and change without
a rebuild: newcomers fill the gaps of the leaf where they belong, then a leaf of their own below the same parent.
"""

from typing import Any

import numpy as np

from quartier.engine.compiled import compiled

LEAF, FILLED, CHILDREN = 32, 28, 8
ROW = np.dtype(
    [
        ("x", "f4"), ("y", "f4"), ("kinds", "i4"), ("languages", "i4"), ("slots", "i4"), ("radius", "f4"),
        ("extra", "f4"), ("position", "i4"), ("level", "i4"),
    ]
)  # fmt: skip
NODE = np.dtype(
    [
        ("west", "f4"), ("east", "f4"), ("south", "f4"), ("north", "f4"), ("kinds", "i4"), ("languages", "i4"),
        ("slots", "i4"), ("radius", "f4"), ("least", "f4"), ("level", "i4"), ("first", "i4"), ("count", "i4"),
        ("parent", "i4"), ("leaf", "i4"), ("more", "i4"),
    ]
)  # fmt: skip


@compiled
def size_of(people: int) -> tuple[int, int]:
    """How many leaves, and how many nodes in all, a tree of so many people has."""
    leaves = max(1, (people + FILLED - 1) // FILLED)
    nodes, level = leaves, leaves
    while level > 1:
        level = (level + CHILDREN - 1) // CHILDREN
        nodes += level
    return leaves, nodes


@compiled
def _empty(node: Any) -> None:
    node.west, node.south, node.least = np.inf, np.inf, np.inf
    node.east, node.north, node.radius = -np.inf, -np.inf, 0.0
    node.kinds, node.languages, node.slots, node.level = 0, 0, 0, -1000
    node.count, node.parent, node.more = 0, -1, -1


@compiled
def _cover(node: Any, row: Any) -> None:
    """Let a node's promise hold for this person too."""
    node.west, node.east = min(node.west, row.x), max(node.east, row.x)
    node.south, node.north = min(node.south, row.y), max(node.north, row.y)
    node.kinds |= row.kinds
    node.languages |= row.languages
    node.slots |= row.slots
    node.radius, node.least = max(node.radius, row.radius), min(node.least, row.extra)
    node.level = max(node.level, row.level)


@compiled
def _fill(row: Any, columns: Any, position: int) -> None:
    x, y, kinds, languages, slots, radius, extra, level = columns
    row.x, row.y, row.kinds, row.languages = x[position], y[position], kinds[position], languages[position]
    row.slots, row.radius, row.extra = slots[position], radius[position], extra[position]
    row.level, row.position = level[position], position


@compiled
def build(order: Any, columns: Any, nodes: Any, rows: Any, owner: Any, where: Any) -> int:
    """Lay out the people `order` (positions along the curve); returns the root.

    `columns`: x, y, kinds, languages, slots, radius, extra, level, by position. Fills `nodes` and `rows`, `owner` (the
    leaf of each block of rows) and `where` (the row of each position).
    """
    people = len(order)
    leaves = max(1, (people + FILLED - 1) // FILLED)
    for leaf in range(leaves):
        node = nodes[leaf]
        _empty(node)
        node.leaf, node.first, owner[leaf] = 1, leaf * LEAF, leaf
        for i in range(leaf * FILLED, min(people, (leaf + 1) * FILLED)):
            at = node.first + node.count
            _fill(rows[at], columns, order[i])
            where[order[i]] = at
            node.count += 1
            _cover(node, rows[at])
    first, last, above = 0, leaves, leaves
    while last - first > 1:
        for child in range(first, last, CHILDREN):
            node = nodes[above]
            _empty(node)
            node.leaf, node.first = 0, child
            for each in range(child, min(child + CHILDREN, last)):
                below = nodes[each]
                below.parent = above
                node.count += 1
                node.west, node.east = min(node.west, below.west), max(node.east, below.east)
                node.south, node.north = min(node.south, below.south), max(node.north, below.north)
                node.kinds |= below.kinds
                node.languages |= below.languages
                node.slots |= below.slots
                node.radius, node.least = max(node.radius, below.radius), min(node.least, below.least)
                node.level = max(node.level, below.level)
            above += 1
        first, last = last, above
    return first


@compiled
def put(positions: Any, columns: Any, nodes: Any, rows: Any, owner: Any, where: Any, state: Any) -> int:
    """Let these in, each into the leaf whose boxes grow least for it. `state`: root, nodes used, blocks used.

    Returns how many were done: fewer than asked when the arrays are full (the caller gives larger ones).
    """
    for done in range(len(positions)):
        position = positions[done]
        if where[position] >= 0:
            continue
        x, y = columns[0][position], columns[1][position]
        leaf = state[0]
        while not nodes[leaf].leaf:
            best, least = nodes[leaf].first, np.inf
            for child in range(nodes[leaf].first, nodes[leaf].first + nodes[leaf].count):
                this = nodes[child]
                outside = max(this.west - x, x - this.east, 0.0) + max(this.south - y, y - this.north, 0.0)
                if outside < least:
                    best, least = child, outside
            leaf = best
        while nodes[leaf].count == LEAF and nodes[leaf].more >= 0:
            leaf = nodes[leaf].more
        if nodes[leaf].count == LEAF:
            if state[1] == len(nodes) or state[2] == len(owner):
                return done
            fresh = nodes[state[1]]
            _empty(fresh)
            # What the further leaf promises, the first must promise too: it stands above it.
            fresh.leaf, fresh.first, fresh.parent = 1, state[2] * LEAF, leaf
            nodes[leaf].more, owner[state[2]] = state[1], state[1]
            leaf = state[1]
            state[1] += 1
            state[2] += 1
        at = nodes[leaf].first + nodes[leaf].count
        _fill(rows[at], columns, position)
        nodes[leaf].count += 1
        where[position] = at
        _cover_up(nodes, leaf, rows[at])
    return len(positions)


@compiled
def take(positions: Any, nodes: Any, rows: Any, owner: Any, where: Any) -> None:
    """Let these out. The boxes stay as they are: a promise may be too wide, never too narrow."""
    for position in positions:
        at = where[position]
        if at < 0:
            continue
        node = nodes[owner[at // LEAF]]
        last = node.first + node.count - 1
        if at != last:
            rows[at] = rows[last]
            where[rows[at].position] = at
        node.count -= 1
        where[position] = -1


@compiled
def weigh(positions: Any, extra: Any, nodes: Any, rows: Any, owner: Any, where: Any) -> None:
    """What these cost besides the distance, from now on."""
    for i in range(len(positions)):
        at = where[positions[i]]
        if at >= 0:
            rows[at].extra = extra[i]
            _cover_up(nodes, owner[at // LEAF], rows[at])


@compiled
def _cover_up(nodes: Any, leaf: int, row: Any) -> None:
    while leaf >= 0:
        _cover(nodes[leaf], row)
        leaf = nodes[leaf].parent


@compiled
def promise(nodes: Any, rows: Any, price: Any, root: int) -> Any:
    """A copy of the nodes whose least cost counts `price` (by position) too."""
    priced = nodes.copy()
    for i in range(len(priced)):
        if priced[i].leaf:
            least = np.inf
            for at in range(priced[i].first, priced[i].first + priced[i].count):
                least = min(least, rows[at].extra + price[rows[at].position])
            priced[i].least = least
    # Later leaves stand behind all others, each under an earlier one.
    for i in range(len(priced) - 1, root, -1):
        if priced[i].leaf and priced[i].parent >= 0:
            above = priced[priced[i].parent]
            above.least = min(above.least, priced[i].least)
    for i in range(root + 1):
        if not priced[i].leaf:
            least = np.inf
            for child in range(priced[i].first, priced[i].first + priced[i].count):
                least = min(least, priced[child].least)
            priced[i].least = least
    return priced
