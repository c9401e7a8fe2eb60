import type { Document } from 'bson'
import { createMajorityPoint, type MajorityPoint } from '../replication/majority-point.ts'
import { captureState } from './capture-state.ts'
import { applyCatalogChange, type Catalog } from './catalog.ts'
import { type ClusterTime, createClusterClock, fromTimestamp, toTimestamp } from './cluster-clock.ts'
import { type FileOptions, openDataFolder } from './data-folder-sink.ts'
import { openMemorySink } from './entry-sink.ts'
import { History } from './history.ts'
import type { CatalogChange, LogEntry, WriteOrigin } from './log-entry.ts'
import { Oplog } from './oplog.ts'
import { createHistoryReader, replayWrite } from './replay-write.ts'
import { createStateRestorer } from './restore-state.ts'
import type { RetryRecords } from './retry-records.ts'
import { rollBack } from './roll-back.ts'
import { commitState } from './stored-record.ts'
import { loggedWrite, pushWrites } from './write-changes.ts'
import { WriteConflict } from './write-conflict.ts'
import { createWriteUnit, type WriteUnit } from './write-unit.ts'

export interface StoreOptions extends FileOptions {
  /** Folder of the data files; without one, the data end with the process. */
  data?: string
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
  /** How far the majority has the writes. */
  readonly majority: MajorityPoint
  /**
   * Undoes every write that no majority has; returns how many documents went back. Everything done must be in the file,
   * and nothing may be open.
   */
  readonly rollBack: () => number
  /** Settles when everything done so far is in the file: nothing is answered before. */
  readonly kept: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the data folder, reads its files, and hands on what they say about sessions. */
export function openStore(options: StoreOptions, retryRecords: RetryRecords): Store {
  const catalog: Catalog = new Map()
  const clock = createClusterClock()
  const oplog = new Oplog(options.oplogBytes)
  const history = new History()
  const snapshots = new Set<WriteUnit>()
  let keepPastUntil = 0
  const majority = createMajorityPoint({ now: clock.now, publish: (mark) => oplog.publish(mark) })
  const progress = { position: () => oplog.end, onKept: majority.kept }
  const sink = options.data === undefined ? openMemorySink(progress) : openFiles(options.data)

  function openFiles(folder: string) {
    const historicWrite = createHistoryReader()
    const restoreState = createStateRestorer(catalog, retryRecords)
    return openDataFolder(folder, {
      ...options,
      ...progress,
      state: (entry) => {
        if (entry.kind === 'checkpoint') clock.advanceTo(fromTimestamp(entry.time))
        restoreState(entry)
      },
      historyBegins: (after) => oplog.beginsAt(after + 1n),
      history: (entry) => {
        if (entry.kind === 'write') pushWrites(oplog, entry, entry.writes.map(historicWrite))
        else recordChange(oplog, entry)
      },
      change: replay,
      liveBytes: () => [...catalog.values()].reduce((sum, { bytes }) => sum + bytes, 0),
      capture,
      historyEnd: () => oplog.trimmedUpTo,
    })
  }

  function capture() {
    const unit = openUnit({ keepsSnapshot: true })
    return {
      entries: captureState(catalog, unit, retryRecords.capture()),
      release: () => void snapshots.delete(unit),
    }
  }

  function replay(entry: LogEntry): void {
    const time = fromTimestamp(entry.time)
    clock.advanceTo(time)
    if (entry.kind === 'write') {
      const operations = entry.writes.map((write) => replayWrite(catalog, write, time))
      if (entry.origin !== undefined) retryRecords.replay(entry.origin, entry.wall, time)
      pushWrites(oplog, entry, operations)
      return
    }
    if (entry.kind === 'rollback') {
      for (const write of entry.writes) replayWrite(catalog, write, time)
      retryRecords.undoAfter(fromTimestamp(entry.to))
    }
    if (entry.kind === 'catalog') applyCatalogChange(catalog, entry.change, entry.ns, entry.detail, time)
    recordChange(oplog, entry)
  }

  function openUnit({ keepsSnapshot }: { keepsSnapshot: boolean }): WriteUnit {
    const unit = createWriteUnit(clock.now())
    if (keepsSnapshot) snapshots.add(unit)
    return unit
  }

  function append(entry: Exclude<LogEntry, { kind: 'write' }>): void {
    // A catalog change is never rolled back, and so nothing before it.
    majority.catchUp()
    sink.append(entry)
    recordChange(oplog, entry)
  }

  function pruneHistory(): void {
    let oldest = clock.now()
    if (Date.now() < keepPastUntil) oldest -= HISTORY_SECONDS << 32n
    if (majority.time() < oldest) oldest = majority.time()
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
    const from = oplog.end
    pushWrites(oplog, entry, unit.operations)
    majority.appended(time, from, oplog.end)
    for (const [record, { collection, raw }] of unit.staged) {
      const superseded = commitState(record, raw, time)
      collection.countChange(superseded?.document ?? null, raw)
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

  function rollBackToMajority(): number {
    const to = majority.time()
    const writes = rollBack(catalog, history, to)
    oplog.undoAfter(to)
    // A retry must not be told the result of a write that is gone.
    retryRecords.undoAfter(to)
    majority.forgetRest(oplog.end)
    if (writes.length > 0) {
      const at = { time: toTimestamp(clock.tick()), wall: new Date(), to: toTimestamp(to) }
      sink.append({ kind: 'rollback', ...at, writes: writes.map(loggedWrite) })
    }
    return writes.length
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
    openUnit,
    closeUnit: (unit) => {
      snapshots.delete(unit)
    },
    commit,
    changeCatalog,
    majority,
    rollBack: rollBackToMajority,
    kept: () => sink.kept(),
    close: () => sink.close(),
  }
}

/** What change streams can tell of a change of the catalog, of a start, or no more of what was rolled back. */
function recordChange(oplog: Oplog, entry: Exclude<LogEntry, { kind: 'write' }>): void {
  const time = fromTimestamp(entry.time)
  if (entry.kind === 'start') oplog.beginsAt(time)
  else if (entry.kind === 'rollback') oplog.undoAfter(fromTimestamp(entry.to))
  else {
    const { change, ns, detail, wall } = entry
    oplog.push({ time, part: 0, wall, type: change, ns, uuid: detail.uuid, detail })
  }
}
