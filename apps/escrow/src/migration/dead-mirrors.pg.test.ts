import { expect, it } from 'vitest'
import { escrowDatabase } from '../testing/escrow-database.ts'
import { deadMirrors, mirrorTroubles } from './dead-mirrors.ts'

type Told = Parameters<typeof mirrorTroubles>[0]

const unit: Told['units'][number] = {
  name: 'payment',
  kind: 'money',
  phase: 'shadow',
  authority: 'mongo',
  status: 'open',
  epoch: '3',
  since: null,
  gaps: { open: 0, oldestMs: 0 },
  quarantine: { total: 0, unresolved: 0 },
  outbox: { rows: 0, oldestMs: 0 },
  chunks: { done: 1, total: 1 },
  backfill: null,
  differences: 0,
  historyLost: null,
  large: { documents: 0, mostBytes: 0 },
  next: '',
}
const alive: Told = {
  units: [unit],
  duties: [{ name: 'capture', node: 'one' }],
  capture: {
    behindSeconds: 2,
    storedAt: undefined,
    lostAt: undefined,
    oplogWindowSeconds: undefined,
    alarm: false,
  },
}

it('a mirror that is kept is no trouble, nor a unit that needs none', () => {
  expect(mirrorTroubles(alive)).toEqual([])
  expect(mirrorTroubles({ units: [{ ...unit, phase: 'mongo' }], duties: [], capture: null })).toEqual([])
})

it.each<[string, Partial<Told>]>([
  ['no process reads the change stream', { duties: [] }],
  ['MongoDB does not say', { capture: null }],
  ['is 61 s behind', { capture: alive.capture && { ...alive.capture, behindSeconds: 61 } }],
  ['has no position', { capture: alive.capture && { ...alive.capture, behindSeconds: undefined } }],
  ['history was lost (the oplog)', { units: [{ ...unit, historyLost: 'the oplog' }] }],
  ['4 changes wait', { units: [{ ...unit, phase: 'postgres', outbox: { rows: 4, oldestMs: 90_000 } }] }],
])('tells: %s', (told, change) => {
  const troubles = mirrorTroubles({ ...alive, ...change })
  expect(troubles).toHaveLength(1)
  expect(troubles[0]).toContain(told)
})

it('a database that the engine never saw has no mirrors', async () => {
  await using database = await escrowDatabase()
  expect(await deadMirrors(database.pool, database.url)).toEqual([])
})
