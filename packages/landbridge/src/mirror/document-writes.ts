import type { ClientSession, Collection, Db, Filter, UpdateFilter } from 'mongodb'
import { decodeBson } from '../mapping/bson.ts'
import type { Document, Mapping } from '../mapping/types.ts'
import { idKey } from '../source/id-key.ts'
import { readId } from '../source/read-id.ts'
import { type DocumentChange, documentChange, droppedPathsOf, withDropped } from './document-change.ts'
import { refuseTooLarge, sizeOf } from './document-size.ts'
import type { EntityState } from './entity-state.ts'

/**
 * conflict: another mirror of the entity was first; its outbox rows stay and the next one takes them.
 * nothing: neither store holds the entity, or (mode `relay`) no outbox row asks for it any more.
 * quarantined: only an operator may touch the document; its outbox rows are done with.
 */
export type ToMongoOutcome =
  | 'mirrored'
  | 'deleted'
  | 'equal'
  | 'conflict'
  | 'nothing'
  | 'wrong-phase'
  | 'quarantined'

/** What one entity's document needs. */
interface DocumentWrite {
  state: EntityState
  outcome: ToMongoOutcome
  before: Document | undefined
  change?: DocumentChange
  /** The size of the whole document as it will be. */
  bytes?: number
  /** The document as it will be, with the dropped paths that only MongoDB holds. */
  whole?: Document
}

export interface WrittenDocument {
  state: EntityState
  outcome: ToMongoOutcome
  /** Undefined where none was written. */
  bytes: number | undefined
}

export function documentsOf(database: Db, collection: string): Collection<Document> {
  return database.collection<Document>(collection)
}

/**
 * Brings the documents of these entities to the state that Postgres has, inside the session's transaction. Appliers
 * bypass the validator, which refuses everybody else while Postgres is the authority.
 */
export async function writeDocuments(
  documents: Collection<Document>,
  session: ClientSession,
  mapping: Mapping,
  states: readonly EntityState[],
): Promise<WrittenDocument[]> {
  const current = await readCurrent(documents, session, states)
  const writes = states.map((state) => planWrite(mapping, state, current.get(idKey(state.legacyId))))
  const [only] = writes
  if (writes.length === 1 && only !== undefined) await writeOne(documents, session, only)
  else await rebuildAll(documents, session, writes)
  return writes.map(({ state, outcome, bytes }) => ({ state, outcome, bytes }))
}

function planWrite(mapping: Mapping, state: EntityState, before: Document | undefined): DocumentWrite {
  if (state.quarantined) return { state, before, outcome: 'quarantined' }
  if (state.rows === undefined)
    return { state, before, outcome: before === undefined ? 'nothing' : 'deleted' }
  const wanted: Document = { _id: state.legacyId, ...mapping.rebuildDocument(state.rows) }
  wanted._id = state.legacyId
  if (before === undefined) return withSize(mapping, { state, before, outcome: 'mirrored', whole: wanted })
  const dropped = droppedPathsOf(mapping)
  const change = documentChange(before, wanted, dropped)
  if (change.kind === 'none') return { state, before, outcome: 'equal' }
  const whole = withDropped(wanted, before, '', dropped) as Document
  return withSize(mapping, { state, before, outcome: 'mirrored', change, whole })
}

function withSize(mapping: Mapping, write: DocumentWrite & { whole: Document }): DocumentWrite {
  const bytes = sizeOf(write.whole)
  refuseTooLarge(mapping.collection, write.state.legacyId, bytes)
  return { ...write, bytes }
}

/** Sets and unsets only what differs. */
async function writeOne(
  documents: Collection<Document>,
  session: ClientSession,
  write: DocumentWrite,
): Promise<void> {
  const options = { session, bypassDocumentValidation: true }
  const { change, whole } = write
  if (write.outcome === 'deleted') await documents.deleteOne(byId(write), { session })
  else if (change?.kind === 'update') {
    await documents.updateOne(byId(write), change.update as UpdateFilter<Document>, options)
  } else if (change?.kind === 'replace') await documents.replaceOne(byId(write), change.document, options)
  else if (whole !== undefined) await documents.insertOne(whole, options)
}

/** Deletes all that differ before it inserts any: unique values may have moved between them in any way. */
async function rebuildAll(
  documents: Collection<Document>,
  session: ClientSession,
  writes: readonly DocumentWrite[],
): Promise<void> {
  const differing = writes.filter(({ outcome }) => outcome === 'mirrored' || outcome === 'deleted')
  for (const write of differing) {
    if (write.before !== undefined) await documents.deleteOne(byId(write), { session })
  }
  for (const { whole } of differing) {
    if (whole !== undefined) await documents.insertOne(whole, { session, bypassDocumentValidation: true })
  }
}

async function readCurrent(
  documents: Collection<Document>,
  session: ClientSession,
  states: readonly EntityState[],
): Promise<Map<string, Document>> {
  const filter = { _id: { $in: states.map((state) => state.legacyId) } } as Filter<Document>
  const raws = (await documents.find(filter, { session, raw: true }).toArray()) as unknown as Uint8Array[]
  return new Map(raws.map((raw) => [idKey(readId(raw)), decodeBson(raw)]))
}

function byId(write: DocumentWrite): Filter<Document> {
  return { _id: write.state.legacyId } as Filter<Document>
}
