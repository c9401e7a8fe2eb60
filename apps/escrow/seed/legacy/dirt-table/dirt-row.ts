/** What becomes of a document, or of the values that a kind of dirt put into it. */
export type DirtOutcome =
  /** Every value lies in its column and comes back as it was. */
  | 'exact'
  /** The values at `paths` are kept in `extra`, with the reason. */
  | 'extra'
  /** The reference at `paths` is something outside, kept as text. */
  | 'external'
  /** The document waits in quarantine, whole. */
  | 'quarantine'

/** One kind of dirt: how old data of a collection is wrong, how often, and what it becomes. */
export interface DirtRow {
  collection: string
  kind: string
  /** Fraction of the collection's documents. */
  share: number
  what: string
  outcome: DirtOutcome
  /** The paths that it touches; where the outcome is `extra` or `external`, exactly those that end there. */
  paths: readonly string[]
  /** Other rows hold the value: the applier decides, the document alone cannot tell. */
  by?: 'unique'
  /** Other paths that it sets or relies on: they end where they would without it. */
  sets?: readonly string[]
  /** Paths that refer to nothing afterwards. */
  orphan?: readonly string[]
}

export type CollectionRow = Omit<DirtRow, 'collection'>

type More = Pick<DirtRow, 'by' | 'sets' | 'orphan'>

export function exact(
  kind: string,
  share: number,
  paths: readonly string[],
  what: string,
  more: More = {},
): CollectionRow {
  return { kind, share, what, outcome: 'exact', paths, ...more }
}

export function extra(
  kind: string,
  share: number,
  paths: readonly string[],
  what: string,
  more: More = {},
): CollectionRow {
  return { kind, share, what, outcome: 'extra', paths, ...more }
}

export function external(kind: string, share: number, paths: readonly string[], what: string): CollectionRow {
  return { kind, share, what, outcome: 'external', paths }
}

export function quarantine(
  kind: string,
  share: number,
  paths: readonly string[],
  what: string,
): CollectionRow {
  return { kind, share, what, outcome: 'quarantine', paths }
}

/** References that dangle keep their value. */
export function gone(kind: string, share: number, path: string, what: string): CollectionRow {
  return exact(kind, share, [path], what, { orphan: [path] })
}

/** What lies wrong in every collection that four years of writers filled. */
export const everywhere: readonly CollectionRow[] = [
  exact(
    'no-timestamps',
    0.03,
    ['createdAt', 'updatedAt', '__v'],
    'neither times nor version: old writers knew none',
  ),
  exact('times-as-text', 0.01, ['createdAt', 'updatedAt'], 'times as ISO text'),
  extra('time-in-words', 0.003, ['updatedAt'], 'a time that is no ISO text: `last week`'),
  extra('time-before-postgres', 0.002, ['updatedAt'], 'a date before 4713 BC'),
  exact('version-as-double', 0.01, ['__v'], 'the version as Double'),
  extra('unknown-flag', 0.008, ['legacyFlag'], 'a field that nobody knows any more'),
  extra('unknown-keys-with-dots', 0.004, ['importedFrom'], 'an unknown document whose keys have dots'),
  extra('unknown-text-with-nul', 0.003, ['notesInternal'], 'an unknown text with NUL in it'),
  extra('unknown-infinity', 0.003, ['score'], 'an unknown number that is infinite'),
  extra('unknown-list-null', 0.003, ['oldIds'], 'an unknown list stored as null'),
  quarantine(
    'id-by-hand',
    0.002,
    ['_id'],
    'an `_id` that is no ObjectId: imports by hand, which nothing refers to',
  ),
]

/** The rows of one collection: its own, and those of every collection unless it is left out there. */
export function rowsOf(
  collection: string,
  own: readonly CollectionRow[],
  options: { everywhere: boolean } = { everywhere: true },
): DirtRow[] {
  return [...(options.everywhere ? everywhere : []), ...own].map((row) => ({ collection, ...row }))
}
