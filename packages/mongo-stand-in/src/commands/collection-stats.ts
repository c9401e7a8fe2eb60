import { type Document, Int32, Long } from 'bson'
import { assertKnownFields } from '../dispatch/generic-arguments.ts'
import { serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { CommandContext } from './context.ts'
import { refuseFields } from './read-request.ts'

/** The one document of `$collStats`, with the parts that are asked for. */
export function collectionStats(
  { server, db, command }: CommandContext,
  collection: Collection | undefined,
  parts: Document,
): Document {
  const ns = collection?.ns ?? `${db}.${String(command.aggregate)}`
  assertKnownFields('$collStats', parts, ['count', 'storageStats', 'latencyStats', 'queryExecStats'])
  refuseFields(parts, ['latencyStats', 'queryExecStats'])
  return {
    ns,
    host: server.address,
    localTime: new Date(),
    ...(parts.storageStats === undefined ? {} : { storageStats: sizes(collection) }),
    ...(parts.count === undefined ? {} : { count: new Int32(existing(collection, ns).count) }),
  }
}

export function* indexStats(
  { server }: CommandContext,
  collection: Collection | undefined,
): Generator<Document> {
  if (collection === undefined) return
  for (const { definition } of [collection.ids, ...collection.indexes.values()]) {
    yield {
      name: definition.name,
      key: definition.spec.key,
      host: server.address,
      accesses: { ops: Long.ZERO, since: server.startedAt },
      spec: definition.spec,
    }
  }
}

/** Numbers of one collection; those of a collection that does not exist are 0, as on a mongod. */
export function sizes(collection: Collection | undefined): Document {
  const size = collection?.bytes ?? 0
  const count = collection?.count ?? 0
  const indexSizes = Object.fromEntries(
    collection === undefined
      ? []
      : [collection.ids, ...collection.indexes.values()].map((index) => [
          index.definition.name,
          Long.fromNumber(index.size * 32),
        ]),
  )
  return {
    size: Long.fromNumber(size),
    count: new Int32(count),
    avgObjSize: new Int32(count === 0 ? 0 : Math.round(size / count)),
    storageSize: Long.fromNumber(size),
    nindexes: new Int32(Object.keys(indexSizes).length),
    indexSizes,
    totalIndexSize: Long.fromNumber(
      Object.values(indexSizes).reduce((sum, bytes) => sum + bytes.toNumber(), 0),
    ),
    capped: collection?.options.capped === true,
  }
}

/** @throws ServerError NamespaceNotFound */
export function existing(collection: Collection | undefined, ns: string): Collection {
  if (collection === undefined) throw serverError(26, 'NamespaceNotFound', `ns does not exist: ${ns}`)
  return collection
}
