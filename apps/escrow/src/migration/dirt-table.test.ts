import type { Mapping } from 'landbridge/mapping'
import { describe, expect, test } from 'vitest'
import { collectionPlans } from '../../seed/legacy/collections.ts'
import { type DirtRow, dirtOf } from '../../seed/legacy/dirt-table.ts'
import { type LegacyDocument, legacyStreams } from '../../seed/legacy/generate.ts'
import { configure } from './landbridge.config.ts'
import { asDecoded } from './testing/rows-as-read.ts'

const mappings = new Map(
  configure({ rehearsal: false, mongoIsStandIn: true })
    .units.flatMap(({ mappings }) => mappings)
    .map((mapping) => [mapping.collection, mapping]),
)

/** By then every kind must have occurred: the rarest share is one in five hundred. */
const most = 6_000
const sizes = {
  people: 30_000,
  stories: 30_000,
  categories: 3_000,
  posts: 3_000,
  oldLevels: 3_000,
  oldSettings: 3_000,
}

describe.each(collectionPlans.map(({ collection }) => collection))('%s', (collection) => {
  const mapping = mappings.get(collection)
  const rows = new Map(dirtOf(collection).map((row) => [row.kind, row]))

  test.skipIf(mapping === undefined)('every kind of dirt becomes what the table says', () => {
    if (mapping === undefined) throw new Error(`${collection} has no mapping`)
    const seen = new Set<string>()
    const wrong: unknown[] = []
    for (const legacy of documentsOf(collection)) {
      for (const kind of legacy.kinds) seen.add(kind)
      const expected = expectedOf(legacy.kinds.map((kind) => rowOf(rows, kind)))
      const happened = whatHappened(mapping, legacy)
      if (JSON.stringify(happened) !== JSON.stringify(expected)) {
        wrong.push({ kinds: legacy.kinds, expected, happened })
      }
      if ((rows.size > 0 && seen.size === rows.size) || wrong.length > 5) break
    }
    expect(wrong).toEqual([])
    expect([...rows.keys()].filter((kind) => !seen.has(kind))).toEqual([])
  })
})

function* documentsOf(collection: string): Generator<LegacyDocument> {
  const [stream] = legacyStreams({ documents: 0, seed: 5, collections: [collection], sizes })
  let count = 0
  for (const legacy of stream?.documents() ?? []) {
    yield legacy
    count += 1
    if (count === most) return
  }
}

interface Outcome {
  refused: boolean
  /** Paths that end in `extra`. */
  extra: string[]
  /** Paths whose reference is something outside. */
  external: string[]
}

/** What the rows say; a value that loses to another document is the applier's affair. */
function expectedOf(rows: DirtRow[]): Outcome {
  const pathsOf = (outcome: DirtRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome && row.by === undefined).flatMap(({ paths }) => paths)
  const refused = rows.some(({ outcome }) => outcome === 'quarantine')
  return refused
    ? { refused, extra: [], external: [] }
    : { refused, extra: pathsOf('extra').sort(), external: pathsOf('external').sort() }
}

function whatHappened(mapping: Mapping, { document }: LegacyDocument): Outcome {
  const outcome = mapping.mapDocument(asDecoded(document))
  if (outcome.kind === 'refused') return { refused: true, extra: [], external: [] }
  const external = mapping.references.filter(({ table, kindColumn }) => {
    const kinds = (outcome.rows.tables[table] ?? []).map((row) => row[kindColumn ?? ''])
    return kinds.includes('external') || kinds.includes('template')
  })
  const kept = outcome.kept.map(({ path }) => path)
  return { refused: false, extra: kept.sort(), external: external.map(({ path }) => path).sort() }
}

function rowOf(rows: Map<string, DirtRow>, kind: string): DirtRow {
  const row = rows.get(kind)
  if (row === undefined) throw new Error(`the table has no row ${kind}`)
  return row
}
