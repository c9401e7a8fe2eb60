import pg, { type PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { objectIdFromUuid, uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { objectIdHex } from '../mapping/bson-value.ts'
import { type CopyEncoder, compileCopyEncoder } from '../mapping/compile/copy-encoder.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { targetsOf } from '../mirror/mirror-target.ts'
import { mapRaw } from '../mirror/source-state.ts'
import { idKey } from '../source/id-key.ts'
import type { SourceDocument } from '../source/read-documents.ts'
import { copyOut } from '../target/copy-out.ts'
import { identifier, identifierList, tableName } from '../target/identifier.ts'
import { entityColumn } from '../target/rows.ts'
import { inTransaction } from '../target/transaction.ts'
import { type ComparedEntity, compareIn } from './compare-entities.ts'
import { CopiedRows, compareEntitiesOf } from './copied-rows.ts'
import { showsSomethingNew } from './document-shape.ts'
import { cellRulesOf, isSameRow } from './same-row.ts'

/** Beside the first with each path and type, every so many documents are compared whole. */
const WHOLE_EVERY = 50
const WHOLE_BATCH = 500

/** So many entities of Postgres are held in memory at most, however few documents lie beside them. */
const MAX_ENTITIES = 5_000

/** Rows between two uuids; an absent end is open. */
export interface EntityRange {
  after?: string
  upTo?: string
}

/** Documents in the order of their ids, and all entities of Postgres that belong beside them. */
export interface Compared {
  rows: EntityRange | { entities: readonly string[] }
  documents: readonly SourceDocument[]
}

export interface ComparedRange {
  /** Entities of either store. */
  entities: number
  /** Those that were compared field by field: every one that may differ is among them. */
  whole: ComparedEntity[]
}

export type CompareBytes = (compared: Compared) => Promise<ComparedRange>

/**
 * Compares ranges of documents with their rows, bytes first: the encoder makes of each document the rows that it
 * must have, and COPY hands out those that are there. Who is not the same to the byte is compared field by field,
 * in the same snapshot; so are the first document with each path and type, and a sample, because bytes alone would be blind to
 * a fault of the encoder. Undefined where rows and documents have no common order (`id_map`).
 */
export function compileComparison(engine: Engine, mapping: Mapping): CompareBytes | undefined {
  if (mapping.identity !== 'object-id') return undefined
  const tables = mapping.tables.map(comparedTable)
  if (tables.some((table) => table.entityField < 0)) return undefined
  const encoder = compileCopyEncoder(mapping)
  const shapes = new Set<number>()
  let count = 0
  const isSample = (raw: Uint8Array): boolean => showsSomethingNew(shapes, raw) || count++ % WHOLE_EVERY === 0
  return (asked) =>
    inTransaction(engine.pool, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
      const compared: ComparedRange = { entities: 0, whole: [] }
      for (let rest: Compared | undefined = asked; rest !== undefined; ) {
        const [part, behind]: [Compared, Compared | undefined] = await cut(tx, mapping, rest)
        const made = encodeDocuments(mapping, encoder, part.documents)
        for (const { raw, entity } of made.documents) if (isSample(raw)) made.suspects.add(entity)
        const found = await compareInSnapshot(engine, tx, { mapping, tables, rows: part.rows, made })
        compared.entities += found.entities
        compared.whole.push(...found.whole)
        rest = behind
      }
      return compared
    })
}

/** Cuts off what can be held in memory: many rows may lie where hardly a document is left. */
async function cut(
  tx: PoolClient,
  mapping: Mapping,
  { rows, documents }: Compared,
): Promise<[part: Compared, behind: Compared | undefined]> {
  if ('entities' in rows) return [{ rows, documents }, undefined]
  const found = await tx.query<{ id: string }>(
    `select id from ${tableName(mapping.table)} ${whereAmong('id', rows)} order by id offset $1 limit 1`,
    [MAX_ENTITIES - 1],
  )
  const upTo = found.rows[0]?.id
  if (upTo === undefined || upTo === rows.upTo) return [{ rows, documents }, undefined]
  const first = documents.findIndex(({ id }) => entityOf(id) > upTo)
  const at = first < 0 ? documents.length : first
  return [
    { rows: { ...rows, upTo }, documents: documents.slice(0, at) },
    { rows: { ...rows, after: upTo }, documents: documents.slice(at) },
  ]
}

interface ComparedTable {
  shape: TableShape
  entityField: number
  rules: ReturnType<typeof cellRulesOf>
}

function comparedTable(shape: TableShape): ComparedTable {
  const column = entityColumn(shape)
  return {
    shape,
    entityField: shape.columns.findIndex(({ name }) => name === column),
    rules: cellRulesOf(shape),
  }
}

interface MadeRows {
  documents: { id: unknown; entity: string; raw: Uint8Array }[]
  payloads: Buffer[]
  /** Entities that bytes cannot decide. */
  suspects: Set<string>
}

/** In one go, without a pause: the encoder serves one range at a time. */
function encodeDocuments(
  mapping: Mapping,
  encoder: CopyEncoder,
  documents: readonly SourceDocument[],
): MadeRows {
  encoder.reset()
  const suspects = new Set<string>()
  const made = documents.map(({ id, raw }) => {
    const entity = entityOf(id)
    if (encoder.encode(raw) === 'unusual' && !encodePlainly(mapping, encoder, { id, entity, raw })) {
      suspects.add(entity)
    }
    return { id, entity, raw }
  })
  return { documents: made, payloads: encoder.finish().map(({ payload }) => payload), suspects }
}

/** By the plain codecs; false for what they refuse. */
function encodePlainly(
  mapping: Mapping,
  encoder: CopyEncoder,
  { id, entity, raw }: { id: unknown; entity: string; raw: Uint8Array },
): boolean {
  const target = { rawId: id, key: '', legacyId: Buffer.alloc(0), entity }
  try {
    const state = mapRaw(mapping, target, raw)
    if (state.kind === 'mapped') encoder.encodeRows(state.rows)
    return state.kind === 'mapped'
  } catch (error) {
    if (error instanceof MappingError) return false
    throw error
  }
}

interface InSnapshot {
  mapping: Mapping
  tables: readonly ComparedTable[]
  rows: Compared['rows']
  made: MadeRows
}

async function compareInSnapshot(
  engine: Engine,
  tx: PoolClient,
  { mapping, tables, rows, made }: InSnapshot,
): Promise<ComparedRange> {
  const { suspects } = made
  let rowsAlone = 0
  for (const [i, table] of tables.entries()) {
    const query = rowsQuery(table.shape, rows)
    const held = new CopiedRows(await copyOut(tx, query), table.entityField)
    const expected = new CopiedRows(made.payloads[i] ?? Buffer.alloc(0), table.entityField)
    const alone = compareTable(table, expected, held, suspects)
    if (table.shape.kind === 'root') rowsAlone = alone
  }
  const raws = new Map<string, Uint8Array>()
  for (const { id, entity, raw } of made.documents) if (suspects.has(entity)) raws.set(idKey(id), raw)
  const whole: ComparedEntity[] = []
  for (const some of batchesOf([...suspects], WHOLE_BATCH)) {
    const targets = await targetsOf(engine, mapping, some.map(objectIdFromUuid))
    whole.push(...(await compareIn(tx, mapping, targets, raws)))
  }
  return { entities: made.documents.length + rowsAlone, whole }
}

/** Adds to the suspects whose rows are not the same; answers how many rows have no counterpart among the made ones. */
function compareTable(
  { rules }: ComparedTable,
  made: CopiedRows,
  held: CopiedRows,
  suspects: Set<string>,
): number {
  let alone = 0
  let [hasMade, hasHeld] = [made.next(), held.next()]
  while (hasMade || hasHeld) {
    const order = !hasHeld ? -1 : !hasMade ? 1 : compareEntitiesOf(made, held)
    if (order !== 0) suspects.add(order < 0 ? made.entity() : held.entity())
    else if (!isSameRow(rules, made, held)) suspects.add(made.entity())
    if (order > 0) alone++
    if (order <= 0) hasMade = made.next()
    if (order >= 0) hasHeld = held.next()
  }
  return alone
}

function rowsQuery(table: TableShape, rows: Compared['rows']): string {
  const order = [...new Set([entityColumn(table), ...table.order])]
  return `select ${identifierList(table.columns.map(({ name }) => name))} from ${tableName(table)}
    ${whereAmong(entityColumn(table), rows)} order by ${identifierList(order)}`
}

/** COPY takes no parameters. */
function whereAmong(column: string, rows: Compared['rows']): string {
  const name = identifier(column)
  if ('entities' in rows)
    return `where ${name} = any(${pg.escapeLiteral(`{${rows.entities.join(',')}}`)}::uuid[])`
  const bounds = [
    ...(rows.after === undefined ? [] : [`${name} > ${pg.escapeLiteral(rows.after)}`]),
    ...(rows.upTo === undefined ? [] : [`${name} <= ${pg.escapeLiteral(rows.upTo)}`]),
  ]
  return bounds.length === 0 ? '' : `where ${bounds.join(' and ')}`
}

function entityOf(rawId: unknown): string {
  return uuidFromObjectId(objectIdHex(rawId))
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}
