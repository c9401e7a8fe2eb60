import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { defineLandbridge } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { UnitView } from '../nodes/unit-view.ts'
import type { UnitWatch } from '../nodes/unit-watch.ts'
import { routeUnit } from './route-unit.ts'
import type { UnitStore } from './unit-store.ts'

interface Repositories {
  notes: { find(id: string): Promise<string> }
}

const unit = 'notes'

/** A store that answers with its name and refuses while `refusal` is set. */
function storeNamed(name: string) {
  const calls: string[] = []
  const state: { refusal: Error | null } = { refusal: null }
  const repositories: Repositories = {
    notes: {
      find: async (id) => {
        calls.push(`find ${id}`)
        return `${id} in ${name}`
      },
    },
  }
  const store: UnitStore<Repositories> = {
    read: repositories,
    async transaction(work) {
      calls.push('transaction')
      const result = await work(repositories)
      if (state.refusal !== null) throw state.refusal
      return result
    },
  }
  return { store, calls, state }
}

function watchOf(first: Partial<UnitView>) {
  const listeners = new Set<(view: UnitView) => void>()
  let now: UnitView = {
    unit,
    authority: 'mongo',
    phase: 'shadow',
    epoch: 1n,
    held: false,
    freshAt: new Date(),
    reason: null,
    ...first,
  }
  let next: UnitView | null = null
  const show = (change: Partial<UnitView>) => {
    now = { ...now, ...change }
    for (const listener of listeners) listener(now)
  }
  const watch: UnitWatch = {
    current: () => now,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: async () => {
      if (next !== null) show(next)
    },
    block: () => undefined,
    stop: async () => undefined,
  }
  return {
    watch,
    show,
    /** What a reading of the row will bring. */
    onRefresh: (change: Partial<UnitView>) => {
      next = { ...now, ...change }
    },
  }
}

function setUp(first: Partial<UnitView> = {}, holdMs = 300) {
  const mongo = storeNamed('mongo')
  const postgres = storeNamed('postgres')
  const watched = watchOf(first)
  const refusedUnits: string[] = []
  const engine = {
    config: defineLandbridge({ units: [], build: 'test', timing: { holdMs } }),
    log: pino({ level: 'silent' }),
  } as unknown as Engine
  const routed = routeUnit<Repositories>({
    engine,
    watch: watched.watch,
    unit,
    mongo: mongo.store,
    postgres: postgres.store,
    onRefused: async (name) => void refusedUnits.push(name),
    unavailable: (name) => new Error(`503 ${name}`),
  })
  return { routed, mongo, postgres, refusedUnits, ...watched }
}

const guardRefusal = Object.assign(new Error('unit notes is behind a fence'), { code: 'LB002' })
const validatorRefusal = Object.assign(new Error('Document failed validation'), { code: 121 })

describe('a routed transaction', () => {
  it('runs in the authority', async () => {
    const { routed, mongo, postgres } = setUp()
    expect(await routed.transaction((repositories) => repositories.notes.find('a'))).toBe('a in mongo')
    expect(mongo.calls).toEqual(['transaction', 'find a'])
    expect(postgres.calls).toEqual([])
  })

  it('is held at its start and goes to the new authority when it is released', async () => {
    const { routed, mongo, show } = setUp({ held: true })
    const pending = routed.transaction((repositories) => repositories.notes.find('a'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    show({ authority: 'postgres', phase: 'postgres', epoch: 2n, held: false })
    expect(await pending).toBe('a in postgres')
    expect(mongo.calls).toEqual([])
  })

  it('gives up with the application error when it is held too long', async () => {
    const { routed } = setUp({ held: true }, 30)
    await expect(routed.transaction(async () => 1)).rejects.toThrow('503 notes')
  })

  it('sends again what the old authority refused whole', async () => {
    const { routed, mongo, onRefresh } = setUp()
    mongo.state.refusal = validatorRefusal
    onRefresh({ authority: 'postgres', phase: 'postgres', epoch: 2n })
    expect(await routed.transaction((repositories) => repositories.notes.find('a'))).toBe('a in postgres')
  })

  it('finds the refusal inside the errors that data layers wrap around it', async () => {
    const { routed, postgres, onRefresh } = setUp({ authority: 'postgres', phase: 'postgres' })
    postgres.state.refusal = new Error('Failed query', { cause: guardRefusal })
    onRefresh({ authority: 'mongo', phase: 'shadow', epoch: 3n })
    expect(await routed.transaction((repositories) => repositories.notes.find('a'))).toBe('a in mongo')
  })

  it('has the validator put right once, and then gives the refusal to the caller as its own', async () => {
    const { routed, mongo, refusedUnits } = setUp()
    mongo.state.refusal = validatorRefusal
    await expect(routed.transaction(async () => 1)).rejects.toBe(validatorRefusal)
    expect(refusedUnits).toEqual([unit])
  })

  it('never sends an unknown outcome again', async () => {
    const { routed, mongo } = setUp()
    mongo.state.refusal = new Error('connection closed during commit')
    await expect(routed.transaction(async () => 1)).rejects.toThrow('connection closed')
    expect(mongo.calls).toEqual(['transaction'])
  })
})

describe('a routed read', () => {
  it('follows the authority at each call, also through a kept repository', async () => {
    const { routed, show } = setUp()
    const { notes } = routed.read
    expect(await notes.find('a')).toBe('a in mongo')
    show({ authority: 'postgres', phase: 'postgres', epoch: 2n })
    expect(await notes.find('a')).toBe('a in postgres')
  })

  it('goes on during a fence, and stops where nobody knows the authority', async () => {
    const { routed, show } = setUp({ held: true })
    expect(await routed.read.notes.find('a')).toBe('a in mongo')
    show({ authority: 'unknown' })
    await expect(routed.read.notes.find('a')).rejects.toThrow('503 notes')
  })
})
