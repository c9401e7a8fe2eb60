import type { Document } from 'bson'
import { type EntrySink, loadEntries, openAppendOnlyFile, openMemorySink } from './append-only-file.ts'
import { applyCatalogChange, type Catalog } from './catalog.ts'
import { type ClusterTime, createClusterClock, fromTimestamp, toTimestamp } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import { type DataFolder, takeDataFolder } from './data-folder.ts'
import { documentWithId } from './document-id.ts'
import { History } from './history.ts'
import { decodeKept, type KeptDocument, keepDocument, lengthOf } from './kept-bytes.ts'
import type { CatalogChange, LogEntry, LoggedWrite, WriteOrigin } from './log-entry.ts'
import { Oplog } from './oplog.ts'
import { commitState } from './stored-record.ts'
import { loggedWrite, pushWrites } from './write-changes.ts'
import { WriteConflict } from './write-conflict.ts'
import { createWriteUnit, type WriteOperation, type WriteUnit } from './write-unit.ts'

export interface StoreOptions {
  /** Folder of the append-only file; without one, the data end with the process. */
  data?: string
  fsync?: boolean
  oplogBytes: number
}

/** How long versions are kept for reads at a past cluster time, once somebody has begun to read so. */
const HISTORY_SECONDS = 5n

export interface Store {
  readonly catalog: Catalog
  readonly oplog: Oplog
  readonly now: () => ClusterTime
  /** Lets the clock follow a time that a client has seen. */
  readonly advanceTo: (time: ClusterTime) => void
  /** Moves the clock without a write, so that positions on idle sources stay fresh. */
  readonly idleTick: () => void
  /**
   * Asks whether the state at a past time can be read, and keeps what is superseded from now on for a while: whoever
   * reads at a time once, as sessions with snapshot reads do, reads at it again.
   */
  readonly canReadAt: (time: ClusterTime) => boolean
  readonly openUnit: (options: { keepsSnapshot: boolean }) => WriteUnit
  /** Gives up an open unit's snapshot; what it staged is the caller's to undo before. */
  readonly closeUnit: (unit: WriteUnit) => void
  /** Makes all that the unit staged visible, at one cluster time. */
  readonly commit: (unit: WriteUnit, origin?: WriteOrigin) => ClusterTime
  readonly changeCatalog: (change: CatalogChange, ns: string, detail: Document) => ClusterTime
  /** Settles when everything done so far is in the file: nothing is answered before. */
  readonly kept: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the data folder, reads its file, and hands each write's origin to `replayOrigin` on the way. */
export function openStore(options: StoreOptions, replayOrigin: (origin: WriteOrigin) => void): Store {
  const catalog: Catalog = new Map()
  const clock = createClusterClock()
  const oplog = new Oplog(options.oplogBytes)
  const history = new History()
  const snapshots = new Set<WriteUnit>()
  let keepPastUntil = 0
  const folder = options.data === undefined ? undefined : takeDataFolder(options.data)
  const progress = { position: () => oplog.end, onKept: (mark: number) => oplog.publish(mark) }
  const sink = folder === undefined ? openMemorySink(progress) : openFile(folder, options.fsync === true)

  function openFile(from: DataFolder, fsync: boolean): EntrySink {
    try {
      loadEntries(from.logPath, (entry) => replay(entry))
      return openAppendOnlyFile({ path: from.logPath, fsync, ...progress })
    } catch (error) {
      from.release()
      throw error
    }
  }

  function replay(entry: LogEntry): void {
    const time = fromTimestamp(entry.time)
    clock.advanceTo(time)
    if (entry.kind === 'write') {
      const operations = entry.writes.map((write) => replayWrite(catalog, write, time))
      if (entry.origin !== undefined) replayOrigin(entry.origin)
      pushWrites(oplog, entry, operations)
      return
    }
    if (entry.kind === 'catalog') applyCatalogChange(catalog, entry.change, entry.ns, entry.detail, time)
    recordChange(oplog, entry)
  }

  function append(entry: Exclude<LogEntry, { kind: 'write' }>): void {
    sink.append(entry)
    recordChange(oplog, entry)
  }

  function pruneHistory(): void {
    let oldest = clock.now()
    if (Date.now() < keepPastUntil) oldest -= HISTORY_SECONDS << 32n
    for (const { snapshot } of snapshots) if (snapshot < oldest) oldest = snapshot
    history.prune(oldest)
  }

  function commit(unit: WriteUnit, origin?: WriteOrigin): ClusterTime {
    snapshots.delete(unit)
    registerCreated(unit)
    if (unit.operations.length === 0 && origin === undefined) {
      unit.end()
      return clock.now()
    }
    const time = clock.tick()
    const entry = { time: toTimestamp(time), wall: new Date(), origin }
    sink.append({ kind: 'write', ...entry, writes: unit.operations.map(loggedWrite) })
    pushWrites(oplog, entry, unit.operations)
    for (const [record, { collection, raw }] of unit.staged) {
      const superseded = commitState(record, raw, time)
      countChange(collection, superseded?.document ?? null, raw)
      if (superseded !== undefined) history.add(collection, record, superseded)
      else collection.forgetIfEmpty(record)
    }
    unit.end()
    pruneHistory()
    return time
  }

  /** Collections that the unit created appear with it, unless somebody else was first. */
  function registerCreated(unit: WriteUnit): void {
    for (const ns of unit.created.keys()) if (catalog.has(ns)) throw new WriteConflict(undefined)
    for (const [ns, collection] of unit.created) {
      const time = clock.tick()
      const detail = { uuid: collection.uuid, options: collection.options }
      append({ kind: 'catalog', time: toTimestamp(time), wall: new Date(), change: 'create', ns, detail })
      collection.changedAt = time
      catalog.set(ns, collection)
      const indexes = [...collection.indexes.values()].map(({ definition }) => definition.spec)
      if (indexes.length > 0) {
        const at = toTimestamp(clock.tick())
        append({
          kind: 'catalog',
          time: at,
          wall: new Date(),
          change: 'createIndexes',
          ns,
          detail: { indexes },
        })
      }
    }
  }

  function changeCatalog(change: CatalogChange, ns: string, detail: Document): ClusterTime {
    const time = clock.tick()
    const uuid = catalog.get(ns)?.uuid
    applyCatalogChange(catalog, change, ns, detail, time)
    append({
      kind: 'catalog',
      time: toTimestamp(time),
      wall: new Date(),
      change,
      ns,
      detail: uuid === undefined ? detail : { uuid, ...detail },
    })
    return time
  }

  startAfterEverythingSeen()

  /**
   * Positions that clients hold may lie behind the last entry of the file (the clock also moves without writes), but
   * never in a later second; so a second that nobody can have seen is taken, and noted for the next start.
   */
  function startAfterEverythingSeen(): void {
    clock.advanceTo(((clock.now() >> 32n) + 1n) << 32n)
    append({ kind: 'start', time: toTimestamp(clock.tick()), wall: new Date() })
    oplog.publish()
  }

  return {
    catalog,
    oplog,
    now: clock.now,
    advanceTo: clock.advanceTo,
    idleTick: () => {
      clock.tick()
      pruneHistory()
    },
    canReadAt: (time) => {
      keepPastUntil = Date.now() + Number(HISTORY_SECONDS) * 1000
      return time >= history.horizon
    },
    openUnit: ({ keepsSnapshot }) => {
      const unit = createWriteUnit(clock.now())
      if (keepsSnapshot) snapshots.add(unit)
      return unit
    },
    closeUnit: (unit) => {
      snapshots.delete(unit)
    },
    commit,
    changeCatalog,
    kept: () => sink.kept(),
    close: async () => {
      try {
        await sink.close()
      } finally {
        folder?.release()
      }
    },
  }
}

/** Does a write of the file again, and returns it as it was done. */
function replayWrite(catalog: Catalog, write: LoggedWrite, time: ClusterTime): WriteOperation {
  const collection = catalog.get(write.ns)
  if (collection === undefined) throw new Error(`The log writes to ${write.ns}, which does not exist`)
  const raw = write.raw === null ? null : keepDocument(write.raw)
  const before = write.before === null ? null : keepDocument(write.before)
  const record = collection.recordFor(raw ?? documentWithId(write.id))
  const gone = record.document
  commitState(record, raw, time)
  // Nobody reads at a time before the start.
  record.previous = undefined
  countChange(collection, gone, raw)
  if (collection.indexes.size > 0) {
    if (raw !== null) collection.index(record, decodeKept(raw))
    if (gone !== null) collection.release(record, decodeKept(gone))
  }
  collection.forgetIfEmpty(record)
  const { kind, description } = write
  return { collection, kind, key: record.key, raw, before, description }
}

function countChange(collection: Collection, before: KeptDocument | null, after: KeptDocument | null): void {
  collection.count += Number(after !== null) - Number(before !== null)
  collection.bytes += (after === null ? 0 : lengthOf(after)) - (before === null ? 0 : lengthOf(before))
}

/** What change streams can tell of a change of the catalog, or of a start. */
function recordChange(oplog: Oplog, entry: Exclude<LogEntry, { kind: 'write' }>): void {
  const time = fromTimestamp(entry.time)
  if (entry.kind === 'start') oplog.beginsAt(time)
  else {
    const { change, ns, detail, wall } = entry
    oplog.push({ time, part: 0, wall, type: change, ns, uuid: detail.uuid, detail })
  }
}
