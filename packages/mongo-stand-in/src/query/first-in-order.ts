/**
 * The first `count` items of an order, in order: of more, no more than that are kept at any time. Equal items keep the
 * order in which they came.
 */
export function firstInOrder<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  if (count === Number.POSITIVE_INFINITY) return [...items].sort(compare)
  const heap: Ranked<T>[] = []
  // The last of the kept ones lies on top: the first to go.
  const isBehind = (a: Ranked<T>, b: Ranked<T>) => (compare(a.item, b.item) || a.place - b.place) > 0
  let place = 0
  for (const item of items) {
    const entry = { item, place: place++ }
    const top = heap[0]
    if (heap.length < count) {
      heap.push(entry)
      rise(heap, isBehind)
    } else if (top !== undefined && isBehind(top, entry)) {
      heap[0] = entry
      sink(heap, isBehind)
    }
  }
  return heap.sort((a, b) => (isBehind(a, b) ? 1 : -1)).map(({ item }) => item)
}

interface Ranked<T> {
  item: T
  place: number
}

function rise<T>(heap: T[], isAbove: (a: T, b: T) => boolean): void {
  let at = heap.length - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!swapIf(heap, parent, at, isAbove)) return
    at = parent
  }
}

function sink<T>(heap: T[], isAbove: (a: T, b: T) => boolean): void {
  let at = 0
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    if (left >= heap.length) return
    const child = right < heap.length && isAbove(heap[right] as T, heap[left] as T) ? right : left
    if (!swapIf(heap, at, child, isAbove)) return
    at = child
  }
}

/** Swaps the two if the lower one belongs above the upper one. */
function swapIf<T>(heap: T[], upper: number, lower: number, isAbove: (a: T, b: T) => boolean): boolean {
  const [above, below] = [heap[upper] as T, heap[lower] as T]
  if (!isAbove(below, above)) return false
  heap[upper] = below
  heap[lower] = above
  return true
}
