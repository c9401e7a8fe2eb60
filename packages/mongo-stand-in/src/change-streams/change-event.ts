import type { Document } from 'bson'
import { serverError } from '../server-error.ts'
import { type Catalog, splitNamespace } from '../storage/catalog.ts'
import type { ChangeRecord } from '../storage/change-record.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { idOf } from '../storage/document-id.ts'
import { decodeKept, type KeptDocument } from '../storage/kept-bytes.ts'
import { LATEST, visibleDocument } from '../storage/stored-record.ts'
import { encodeToken } from './resume-token.ts'
import { isOfView, type StreamOptions } from './stream-options.ts'

/** The event by which a stream tells a record, with the fields in the order in which a mongod sends them. */
export function changeEvent(record: ChangeRecord, options: StreamOptions, catalog: Catalog): Document {
  const { time, part, wall, type, transaction } = record
  const common = {
    _id: encodeToken({ kind: 'event', time, part, fragment: undefined }),
    operationType: type,
    clusterTime: toTimestamp(time),
    ...(options.showExpandedEvents && record.uuid !== undefined && !isOfView(record)
      ? { collectionUUID: record.uuid }
      : {}),
    wallTime: wall,
    ...(transaction === undefined ? {} : { lsid: transaction.lsid, txnNumber: transaction.txnNumber }),
  }
  const isWrite = type === 'insert' || type === 'update' || type === 'replace' || type === 'delete'
  return isWrite
    ? { ...common, ...writeFields(record, options, catalog) }
    : { ...common, ...catalogFields(record, options) }
}

/** The last event of a stream whose collection or database is gone. */
export function invalidateEvent({ time, part, wall }: ChangeRecord): Document {
  return {
    _id: encodeToken({ kind: 'invalidate', time, part }),
    operationType: 'invalidate',
    clusterTime: toTimestamp(time),
    wallTime: wall,
  }
}

function writeFields(record: ChangeRecord, options: StreamOptions, catalog: Catalog): Document {
  const { type, raw, ns, key, description } = record
  const fields: Document = {}
  if (type === 'insert' || type === 'replace') fields.fullDocument = decoded(raw)
  if (type === 'update' && options.fullDocument !== 'default')
    fields.fullDocument = afterUpdate(record, options, catalog)
  fields.ns = splitNamespace(ns)
  fields.documentKey = { _id: key === undefined ? undefined : idOf(key) }
  if (type === 'update') {
    const { disambiguatedPaths = {}, ...told } = description ?? {}
    fields.updateDescription = options.showExpandedEvents ? { ...told, disambiguatedPaths } : told
  }
  if (type !== 'insert' && options.beforeChange !== 'off') {
    fields.fullDocumentBeforeChange = imageOf(record.before, options.beforeChange, 'pre-image')
  }
  return fields
}

function afterUpdate(
  record: ChangeRecord,
  { fullDocument }: StreamOptions,
  catalog: Catalog,
): Document | null {
  if (fullDocument !== 'updateLookup') return imageOf(record.raw, fullDocument, 'post-image')
  const { ns, key } = record
  const current = key === undefined ? undefined : catalog.get(ns)?.ids.findLike(key)
  return decoded(current === undefined ? null : visibleDocument(current, LATEST))
}

/** An image that the collection kept when the change was made; null if it kept none and may be without. */
function imageOf(raw: KeptDocument | null | undefined, mode: string, image: string): Document | null {
  if (mode === 'required' && !raw) {
    throw serverError(
      47,
      'NoMatchingDocument',
      `Change stream was configured to require a ${image} for all update, delete and replace events, but the ${image} was not found`,
      { labels: ['NonResumableChangeStreamError'] },
    )
  }
  return decoded(raw)
}

function decoded(raw: KeptDocument | null | undefined): Document | null {
  return raw === null || raw === undefined ? null : decodeKept(raw)
}

function catalogFields({ type, ns, detail }: ChangeRecord, { showExpandedEvents }: StreamOptions): Document {
  const { db, coll } = splitNamespace(ns)
  if (type === 'dropDatabase') return { ns: { db } }
  const to = type === 'rename' ? splitNamespace(detail?.to) : undefined
  return {
    ns: { db, coll },
    ...(to === undefined ? {} : { to }),
    ...(showExpandedEvents ? { operationDescription: operationDescription(type, detail ?? {}, to) } : {}),
    ...(showExpandedEvents && detail?.before !== undefined ? { stateBeforeChange: detail.before } : {}),
  }
}

function operationDescription(
  type: ChangeRecord['type'],
  detail: Document,
  to: Document | undefined,
): Document | undefined {
  switch (type) {
    case 'create':
      if (detail.options?.viewOn !== undefined) return detail.options
      return { ...detail.options, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } }
    case 'rename':
      return { to, ...(detail.dropTarget === undefined ? {} : { dropTarget: detail.dropTarget }) }
    case 'createIndexes':
      return { indexes: detail.indexes }
    case 'dropIndexes':
      // Entries of an older data folder have the names alone.
      return { indexes: detail.indexes ?? (detail.names as string[]).map((name) => ({ name })) }
    case 'modify':
      return {
        ...(detail.changes ?? detail.options),
        ...(detail.index === undefined ? {} : { index: detail.index }),
      }
    default:
      return undefined
  }
}
