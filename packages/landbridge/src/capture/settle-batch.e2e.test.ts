import type { ObjectId } from 'mongodb'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import type { Phase } from '../phase.ts'
import { inTransaction } from '../target/transaction.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import type { DocumentEvent } from './change-event.ts'
import { type Position, positionOf, readPosition, storePosition } from './position.ts'
import { settleBatch } from './settle-batch.ts'

const at = (seconds: number): Position =>
  positionOf({ _data: `82${seconds.toString(16).padStart(8, '0')}00000001` }, 0n)

function insertEvent(id: ObjectId): DocumentEvent {
  return {
    kind: 'document',
    token: at(5).token,
    operation: 'insert',
    collection: 'things',
    id,
    clusterTime: at(5).clusterTime,
    lsid: undefined,
    whole: { operationType: 'insert' },
  }
}

/** A process that has just read the phases when the unit goes on to another. */
function phaseChangesAfterReading(world: SampleWorld, to: Phase): Engine {
  let changed = false
  const query = async (...parameters: unknown[]) => {
    const result = await (world.engine.pool.query as (...all: unknown[]) => Promise<unknown>)(...parameters)
    if (!changed && String(parameters[0]).includes('landbridge.unit order by')) {
      changed = true
      await world.setPhase(to)
    }
    return result
  }
  const pool = new Proxy(world.engine.pool, {
    get: (target, key) => {
      if (key === 'query') return query
      const member = Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  }) as Pool
  return { ...world.engine, pool }
}

async function count(world: SampleWorld, table: string): Promise<number> {
  const { rows } = await world.engine.pool.query(`select count(*)::int as n from ${table}`)
  return rows[0].n
}

describe('settling a batch', () => {
  it('A6: an event that was about to be dropped is mirrored if the unit becomes one that is moved', async () => {
    await using world = await sampleWorld('mongo')
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'lamp' })
    expect(await settleBatch(phaseChangesAfterReading(world, 'mirror'), [insertEvent(_id)], at(6))).toBe(true)
    expect(await count(world, 'things')).toBe(1)
  })

  it('an event that was about to be mirrored is kept as foreign if Postgres becomes the authority', async () => {
    await using world = await sampleWorld('shadow')
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'lamp' })
    await settleBatch(phaseChangesAfterReading(world, 'postgres'), [insertEvent(_id)], at(6))
    expect(await count(world, 'things')).toBe(0)
    expect(await count(world, 'landbridge.foreign_event')).toBe(1)
  })

  it('does nothing, and does not move the position back, when another capture is ahead', async () => {
    await using world = await sampleWorld('postgres')
    await inTransaction(world.engine.pool, {}, (tx) => storePosition(tx, at(9)))
    expect(await settleBatch(world.engine, [insertEvent(world.newId()._id)], at(6))).toBe(false)
    expect(await count(world, 'landbridge.foreign_event')).toBe(0)
    expect(await readPosition(world.engine.pool)).toMatchObject(at(9))
    expect(await inTransaction(world.engine.pool, {}, (tx) => storePosition(tx, at(6)))).toBe(false)
    expect(await readPosition(world.engine.pool)).toMatchObject(at(9))
  })

  it('leaves a gap that raises its version for what it could not confirm (A5)', async () => {
    await using world = await sampleWorld('mirror')
    const { pool } = world.engine
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'lamp' })
    const versions = async () => (await pool.query('select version from landbridge.pg_dualwrite_gaps')).rows
    await inTransaction(pool, {}, async (holder) => {
      // Every entity of the unit is being written by somebody else.
      await holder.query(
        `select pg_advisory_xact_lock(landbridge.entity_lock_key('sample', slot)) from generate_series(0, 1023) slot`,
      )
      await settleBatch(world.engine, [insertEvent(_id)], at(6))
      const [first] = await versions()
      await settleBatch(world.engine, [insertEvent(_id)], at(7))
      const [second] = await versions()
      expect(Number(second.version)).toBeGreaterThan(Number(first.version))
    })
    expect(await readPosition(pool)).toMatchObject(at(7))
  })

  it('stores no position before what it covers: neither mirrored nor noted as a gap', async () => {
    await using world = await sampleWorld('mirror')
    const { pool } = world.engine
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'lamp' })
    await pool.query('alter table things rename to things_away')
    await pool.query('alter table landbridge.pg_dualwrite_gaps rename to gaps_away')
    await expect(settleBatch(world.engine, [insertEvent(_id)], at(6))).rejects.toMatchObject({
      code: '42P01',
    })
    expect(await readPosition(pool)).toBeUndefined()
  })
})
