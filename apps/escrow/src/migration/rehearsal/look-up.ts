import { decodeBson, type Engine, inTransaction, mappingOf, readEntities, uuidFromObjectId } from 'landbridge'
import { type Document, ObjectId } from 'mongodb'
import type { Expectation } from './acknowledged-writes.ts'

/** An acknowledged write that a store does not show. */
export interface LostWrite extends Expectation {
  store: 'mongo' | 'postgres'
  found: string
}

const batchSize = 500

/** Looks up in one store what clients were told; what is not there is lost. */
export async function lostWrites(
  engine: Engine,
  expectations: Expectation[],
  store: 'mongo' | 'postgres',
): Promise<LostWrite[]> {
  const lost: LostWrite[] = []
  for (const [collection, wanted] of Map.groupBy(expectations, (expectation) => expectation.collection)) {
    for (let start = 0; start < wanted.length; start += batchSize) {
      const batch = wanted.slice(start, start + batchSize)
      const ids = [...new Set(batch.map((expectation) => expectation.id))]
      const documents =
        store === 'mongo'
          ? await fromMongo(engine, collection, ids)
          : await fromPostgres(engine, collection, ids)
      for (const expectation of batch) {
        const found = textOf(valueAt(documents.get(expectation.id), expectation.path))
        if (!expectation.allowed.some((value) => textOf(value) === found))
          lost.push({ ...expectation, store, found })
      }
    }
  }
  return lost
}

async function fromMongo(engine: Engine, collection: string, ids: string[]): Promise<Map<string, Document>> {
  const found = await engine.database
    .collection(collection)
    .find(
      { _id: { $in: ids.map((id) => new ObjectId(id)) } },
      { raw: true, readConcern: { level: 'majority' } },
    )
    .toArray()
  return new Map(
    found.map((raw) => {
      const document = decodeBson(raw as unknown as Uint8Array)
      return [String(document._id), document]
    }),
  )
}

/** As documents again, by the mapping's way back: so what `extra` keeps is looked up too. */
async function fromPostgres(
  engine: Engine,
  collection: string,
  ids: string[],
): Promise<Map<string, Document>> {
  const mapping = mappingOf(engine, collection)
  if (mapping === undefined) throw new Error(`no unit has the collection ${collection}`)
  const idOfUuid = new Map(ids.map((id) => [uuidFromObjectId(id), id]))
  const entities = await inTransaction(engine.pool, { isolation: 'repeatable read' }, (tx) =>
    readEntities(tx, mapping, [...idOfUuid.keys()]),
  )
  return new Map(
    [...entities].map(([uuid, rows]) => [idOfUuid.get(uuid) ?? uuid, mapping.rebuildDocument(rows)]),
  )
}

function valueAt(document: Document | undefined, path: string): unknown {
  let value: unknown = document
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return document === undefined ? missingDocument : value
}

const missingDocument = '(no such document)'

/** Values as one text, whatever their BSON type: the number 5, Int32 5 and Decimal128 5.00 are the same write. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof Date) return value.toISOString()
  const text = String(value)
  return /^-?\d+\.\d*0+$/.test(text) ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}
