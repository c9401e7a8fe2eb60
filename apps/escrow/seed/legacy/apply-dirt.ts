import type { Document } from 'bson'
import type { DirtContext, Dirtying } from './dirt/dirtying.ts'
import { dirtyingsOf } from './dirt-kinds.ts'
import { type DirtRow, dirtOf } from './dirt-table.ts'
import { type Random, seededRandom } from './random.ts'
import { randomOf, type World } from './world/world.ts'

/** A document as it goes into the collection, and what is wrong with it. */
export interface LegacyDocument {
  document: Document
  kinds: readonly string[]
}

/** What a copy of a document needs to be another one for MongoDB: values of its unique indexes, by path. */
export type UniqueValues = Record<string, (number: number) => unknown>

/** So many documents back a twin is looked for. */
const remembered = 200

/** The kind whose documents are added beside the others, because nothing may refer to them. */
const added = 'id-by-hand'

interface DueKind {
  row: DirtRow
  dirtying: Dirtying
  /** How much of it is owed; from its limit on the next document that has room for it gets it. */
  owed: number
  limit: number
  applied: number
  share: number
  touched: readonly string[]
}

interface Emitted {
  document: Document
  touched: readonly string[]
  taken: Set<string>
}

/**
 * Puts dirt into the documents of a collection, each kind as often as the table says. Two kinds never touch the same
 * path of a document, so that what becomes of it is the sum of what becomes of its kinds. Throws for a kind of the
 * table that nobody can make.
 */
export function* dirtied(
  world: World,
  collection: string,
  documents: Iterable<Document>,
  unique: UniqueValues,
): Generator<LegacyDocument> {
  const kinds = dueKinds(world, collection)
  const strays = kinds.find(({ row }) => row.kind === added)
  const earlier: Emitted[] = []
  const forced: { kind: DueKind; dirtying: Dirtying }[] = []
  let index = 0
  for (const [document, isLast] of withLast(documents)) {
    if (strays !== undefined && isDue(strays)) yield strayOf(strays, document, unique)
    const random = randomOf(world, `${collection} dirt`, index)
    const touched: string[] = []
    const names: string[] = []
    const tryOut = (kind: DueKind, dirtying: Dirtying) => {
      if (!applies(kind, dirtying, document, contextOf(kind))) return false
      touched.push(...kind.touched)
      names.push(kind.row.kind)
      return true
    }
    const contextOf = (kind: DueKind): DirtContext => ({
      world,
      random,
      index,
      isLast,
      take: (fits) => takeEarlier(earlier, kind, document, fits),
      alsoNext: (dirtying) => forced.push({ kind, dirtying }),
      once: () => kind.applied === 0,
    })
    for (const { kind, dirtying } of forced.splice(0)) tryOut(kind, dirtying)
    for (const kind of kinds) {
      if (kind === strays || !isDue(kind) || clash(touched, kind.touched)) continue
      if (tryOut(kind, kind.dirtying)) settle(kind, random)
    }
    yield { document, kinds: names }
    earlier.push({ document, touched, taken: new Set() })
    if (earlier.length > remembered) earlier.shift()
    index += 1
  }
}

function dueKinds(world: World, collection: string): DueKind[] {
  const dirtyings = dirtyingsOf(collection)
  return dirtOf(collection).map((row) => {
    const dirtying = row.kind === added ? () => true : dirtyings[row.kind]
    if (dirtying === undefined) throw new RangeError(`nobody can make ${row.kind} of ${collection}`)
    const random = randomOf(world, `${collection} ${row.kind}`, 0)
    const touched = [...row.paths, ...(row.sets ?? [])]
    return {
      row,
      dirtying,
      owed: 0,
      limit: limitOf(random),
      applied: 0,
      share: row.share * world.dirtTimes,
      touched,
    }
  })
}

/** Around one, so that the kinds fall on different documents and still come out at their shares. */
const limitOf = (random: Random) => random.int(500, 1_500) / 1_000

/** One more document of the collection is one share more that is owed. */
function isDue(kind: DueKind): boolean {
  kind.owed += kind.share
  return kind.owed >= kind.limit
}

function settle(kind: DueKind, random: Random): void {
  kind.owed -= 1
  kind.limit = limitOf(random)
}

function applies(kind: DueKind, dirtying: Dirtying, document: Document, context: DirtContext): boolean {
  if (!dirtying(document, context)) return false
  kind.applied += 1
  return true
}

function takeEarlier(
  earlier: readonly Emitted[],
  { row, touched }: DueKind,
  document: Document,
  fits: (earlier: Document) => boolean,
): Document | null {
  const found = earlier.findLast(
    (each) =>
      !each.taken.has(row.kind) &&
      !clash(each.touched, touched) &&
      String(each.document._id) < String(document._id) &&
      fits(each.document),
  )
  found?.taken.add(row.kind)
  return found?.document ?? null
}

function strayOf(kind: DueKind, like: Document, unique: UniqueValues): LegacyDocument {
  kind.applied += 1
  settle(kind, seededRandom(kind.applied))
  const document = copyOf(like) as Document
  document._id = kind.applied % 3 === 0 ? kind.applied : `import-${kind.applied}`
  for (const [path, another] of Object.entries(unique)) document[path] = another(kind.applied)
  return { document, kinds: [kind.row.kind] }
}

/** Containers anew, values shared: dirt changes containers. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (typeof value !== 'object' || value === null || value instanceof Date || '_bsontype' in value)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]))
}

/** Whether two lists of paths touch the same place. */
function clash(left: readonly string[], right: readonly string[]): boolean {
  return left.some((one) => right.some((other) => isWithin(one, other) || isWithin(other, one)))
}

const isWithin = (path: string, container: string) => path === container || path.startsWith(`${container}.`)

function* withLast<T>(items: Iterable<T>): Generator<[item: T, isLast: boolean]> {
  let held: { item: T } | null = null
  for (const item of items) {
    if (held !== null) yield [held.item, false]
    held = { item }
  }
  if (held !== null) yield [held.item, true]
}
