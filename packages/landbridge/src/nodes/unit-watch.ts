import type { Engine } from '../engine.ts'
import { readCopies } from '../fence/copy.ts'
import { parseUnitRows, type UnitRow, unitRowsQuery } from '../fence/unit-row.ts'
import { openNodeConnection, pingChannel, unitChannel } from './node-connection.ts'
import type { NodeSeen } from './node-row.ts'
import { type UnitView, unknownView, viewOfCopy, viewOfRow } from './unit-view.ts'

export interface UnitWatch {
  /** What this node knows of the unit now; never waits. */
  current(unit: string): UnitView
  /** Calls the listener with each view that differs from the one before; answers how to stop that. */
  onChange(listener: (view: UnitView) => void): () => void
  /** Reads again at once: after a refusal that says the view is old. */
  refresh(): Promise<void>
  /** Serves nothing of the unit (its row went back in time) until told otherwise with null. */
  block(unit: string, reason: string | null): void
  stop(): Promise<void>
}

/** What a node tells the others with each reading; `nodes/heartbeat.ts` makes the statement. */
export type Report = (seen: NodeSeen) => { text: string; values: unknown[] }

/**
 * Follows the unit rows: by notification, by a poll each heartbeat, and, once no row has been read for two
 * heartbeats, by the copy in MongoDB. A late answer never replaces a newer one. With a `report`, each reading also
 * stores this node's heartbeat and what it has seen, which is its answer to announcements and pings.
 */
export async function watchUnits(engine: Engine, options: { report?: Report } = {}): Promise<UnitWatch> {
  const beat = engine.config.timing.heartbeatMs
  const names = engine.config.units.map((unit) => unit.name)
  const views = new Map<string, UnitView>()
  const rowsSeen = new Map<string, UnitRow>()
  const blocked = new Map<string, string>()
  const listeners = new Set<(view: UnitView) => void>()
  let rowsReadAt = Number.NEGATIVE_INFINITY
  let lastPing: string | undefined
  let reading: Promise<void> | undefined
  let again = false
  let stopped = false

  const connection = openNodeConnection(engine, {
    deadlineMs: Math.max(beat, 250),
    onNotification(channel, payload) {
      if (channel === pingChannel) lastPing = payload
      if (channel === pingChannel || channel === unitChannel) void read()
    },
  })

  function show(view: UnitView): void {
    const reason = blocked.get(view.unit)
    const shown: UnitView = reason === undefined ? view : { ...view, authority: 'unknown', reason }
    const before = views.get(view.unit)
    views.set(view.unit, shown)
    if (before === undefined || differs(before, shown)) {
      for (const listener of listeners) listener(shown)
    }
  }

  async function readRows(): Promise<void> {
    const startedAt = performance.now()
    const freshAt = engine.clock.now()
    const { rows } = await connection.query(unitRowsQuery)
    // What was read counts from the moment when the question was sent.
    rowsReadAt = startedAt
    for (const row of parseUnitRows(rows)) {
      rowsSeen.set(row.name, row)
      if (names.includes(row.name)) show(viewOfRow(row, freshAt))
    }
    if (options.report === undefined) return
    const statement = options.report(seenNow(rowsSeen, lastPing))
    await connection.query(statement.text, statement.values)
  }

  async function readCopyInstead(): Promise<void> {
    const freshAt = engine.clock.now()
    try {
      const copies = await readCopies(engine, beat * 2)
      for (const unit of names) show(viewOfCopy(unit, copies.get(unit), rowsSeen.get(unit), freshAt))
    } catch (error) {
      engine.log.warn({ err: error }, 'neither Postgres nor MongoDB tells who is the authority')
      for (const unit of names) show(unknownView(unit, 'neither Postgres nor MongoDB answers'))
    }
  }

  async function readOnce(): Promise<void> {
    try {
      await readRows()
    } catch (error) {
      engine.log.debug({ err: error }, 'the unit rows could not be read')
      if (!stopped && performance.now() - rowsReadAt >= 2 * beat) await readCopyInstead()
    }
  }

  // One reading at a time; what asks meanwhile gets another one behind it, never an answer from before it asked.
  function read(): Promise<void> {
    if (stopped) return Promise.resolve()
    again = true
    reading ??= (async () => {
      while (again && !stopped) {
        again = false
        await readOnce()
      }
    })().finally(() => {
      reading = undefined
    })
    return reading
  }

  for (const unit of names) views.set(unit, unknownView(unit, 'not read yet'))
  await read()
  const timer = setInterval(() => void read(), beat)
  timer.unref()

  return {
    current: (unit) => views.get(unit) ?? unknownView(unit, 'the configuration has no such unit'),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: read,
    block(unit, reason) {
      if (reason === null) blocked.delete(unit)
      else blocked.set(unit, reason)
      const row = rowsSeen.get(unit)
      const view = views.get(unit)
      if (reason !== null && view !== undefined) show(view)
      else if (row !== undefined && view?.freshAt != null) show(viewOfRow(row, view.freshAt))
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await reading
      await connection.close()
    },
  }
}

function seenNow(rows: ReadonlyMap<string, UnitRow>, ping: string | undefined): NodeSeen {
  const units = [...rows.values()].map((row) => [row.name, { epoch: String(row.epoch), status: row.status }])
  return { ping, units: Object.fromEntries(units) }
}

function differs(before: UnitView, after: UnitView): boolean {
  return (
    before.authority !== after.authority ||
    before.phase !== after.phase ||
    before.epoch !== after.epoch ||
    before.held !== after.held ||
    before.reason !== after.reason
  )
}
