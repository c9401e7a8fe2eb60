/**
 * One line per group, ordered by the group's words, missing ones last. Both stores group by what they hold (a word in
 * its column, the same word kept beside it; null and missing); here these become the group that is shown.
 */
export function mergeLines<Word extends string, Line extends Record<Word, string | null>>(
  lines: readonly Line[],
  words: readonly Word[],
  add: (known: Line, line: Line) => Line,
): Line[] {
  const merged = new Map<string, Line>()
  for (const line of lines) {
    const key = JSON.stringify(words.map((word) => line[word]))
    const known = merged.get(key)
    merged.set(key, known === undefined ? line : add(known, line))
  }
  return [...merged.values()].sort((left, right) => byWords(left, right, words))
}

function byWords<Word extends string>(
  left: Record<Word, string | null>,
  right: Record<Word, string | null>,
  words: readonly Word[],
): number {
  for (const word of words) {
    const order = byText(left[word], right[word])
    if (order !== 0) return order
  }
  return 0
}

function byText(left: string | null, right: string | null): number {
  if (left === right) return 0
  if (left === null) return 1
  if (right === null) return -1
  return left < right ? -1 : 1
}
