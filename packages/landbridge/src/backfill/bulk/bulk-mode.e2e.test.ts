import { Double, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../engine.ts'
import { countGaps } from '../../mirror/gaps.ts'
import { mirrorToPostgres } from '../../mirror/to-postgres.ts'
import { thingsMapping } from '../../testing/sample-unit.ts'
import { type SampleWorld, sampleWorld } from '../../testing/sample-world.ts'
import { backfill } from '../backfill.ts'
import { buildIndexes } from './build-indexes.ts'
import { takeIndexesAway } from './take-indexes.ts'
import { readTakenIndexes } from './taken-index.ts'

/** Things whose second and third have one name, in small chunks, with indexes of every kind on their tables. */
async function bulkWorld(): Promise<{ world: SampleWorld; engine: Engine; ids: ObjectId[] }> {
  const world = await sampleWorld('mirror')
  const backfill = { chunkSize: 10, workers: 1, bulkFrom: 1 }
  const engine = { ...world.engine, config: { ...world.engine.config, backfill } }
  await engine.pool.query(
    `insert into landbridge.position (capture, cluster_time) values ('change-stream', 1) on conflict do nothing;
     create index things_price on things (price desc nulls last) where price is not null;
     create index thing_parts_label on thing_parts (lower(label)) include (quantity);
     alter table things add constraint things_status_key unique (status, name) deferrable initially deferred;
     create index things_told on things (created_at);
     comment on index things_told is 'what a definition does not tell'`,
  )
  const ids = Array.from({ length: 45 }, () => new ObjectId())
  await engine.database.collection('things').insertMany(
    ids.map((_id, i) => ({
      _id,
      name: i === 2 ? 'thing 1' : `thing ${i}`,
      price: new Double(i + 0.5),
      parts: [{ label: `part ${i}` }],
    })),
  )
  return { world, engine, ids }
}

/** Everything that a dump would say of the indexes and constraints of these tables. */
async function definitions(engine: Engine): Promise<string[]> {
  const { rows } = await engine.pool.query<{ text: string }>(
    `select pg_get_indexdef(indexrelid) as text from pg_index
     where indrelid in ('things'::regclass, 'thing_parts'::regclass) and indisvalid
     union all
     select conname || ' ' || pg_get_constraintdef(oid) || convalidated from pg_constraint
     where conrelid in ('things'::regclass, 'thing_parts'::regclass) order by 1`,
  )
  return rows.map((row) => row.text)
}

const things = async (engine: Engine) =>
  (await engine.pool.query('select name, extra from things order by id')).rows as {
    name: string | null
    extra: unknown
  }[]

describe('bulk mode', () => {
  it('fills empty tables without their indexes, and has the same ones afterwards', async () => {
    const { world, engine } = await bulkWorld()
    await using _ = world
    const before = await definitions(engine)
    const during: number[] = []
    const report = await backfill(engine, 'sample', {
      onProgress: () => {
        void readTakenIndexes(engine.pool).then((taken) => during.push(taken.length))
      },
    })
    expect(report).toMatchObject({ complete: true, collections: [{ documents: 45 }, {}] })
    expect(await definitions(engine)).toEqual(before)
    expect(await readTakenIndexes(engine.pool)).toEqual([])
    // The two unique keys of things, the one on the legacy id, and an index of each table; what is told stays.
    expect(Math.max(...during)).toBeGreaterThanOrEqual(5)
    // The value that two want is where its constraint's declared outcome puts it.
    const rows = await things(engine)
    expect(rows.slice(0, 3).map((row) => row.name)).toEqual(['thing 0', 'thing 1', null])
    expect(rows[2]?.extra).toMatchObject({ name: { reason: 'unique', value: 'thing 1' } })
    expect(rows).toHaveLength(45)
    expect(await countGaps(engine.pool)).toEqual([])
  })

  it('goes on after it was stopped between taking and building', async () => {
    const { world, engine } = await bulkWorld()
    await using _ = world
    const before = await definitions(engine)
    const stop = new AbortController()
    const stopped = await backfill(engine, 'sample', {
      signal: stop.signal,
      onProgress: ({ done }) => done > 0 && stop.abort(),
    })
    expect(stopped.complete).toBe(false)
    expect((await readTakenIndexes(engine.pool)).length).toBeGreaterThan(0)
    expect(await definitions(engine)).not.toEqual(before)
    expect(await backfill(engine, 'sample')).toMatchObject({ complete: true })
    expect(await definitions(engine)).toEqual(before)
  })

  it('goes on after it was stopped between an index and its constraint', async () => {
    const { world, engine } = await bulkWorld()
    await using _ = world
    const before = await definitions(engine)
    await takeIndexesAway(engine, thingsMapping)
    const [unique] = (await readTakenIndexes(engine.pool)).filter((index) => index.constraint !== null)
    await engine.pool.query(unique?.definition ?? '')
    await engine.pool.query('update landbridge.taken_index set is_built = true where id = $1', [unique?.id])
    await buildIndexes(engine)
    expect(await definitions(engine)).toEqual(before)
    expect(await buildIndexes(engine)).toBe(0)
  })

  it('settles duplicates that live mirrors bring while nothing refuses them', async () => {
    const { world, engine, ids } = await bulkWorld()
    await using _ = world
    await takeIndexesAway(engine, thingsMapping)
    await mirrorToPostgres(engine, thingsMapping, ids.slice(0, 5), { reason: 'capture' })
    // Tables in use keep what they have.
    expect(await takeIndexesAway(engine, thingsMapping)).toBe(0)
    expect((await things(engine)).map((row) => row.name).slice(1, 3)).toEqual(['thing 1', 'thing 1'])
    await backfill(engine, 'sample')
    expect((await things(engine)).map((row) => row.name).slice(1, 3)).toEqual(['thing 1', null])
    expect(await countGaps(engine.pool)).toEqual([])
  })
})
