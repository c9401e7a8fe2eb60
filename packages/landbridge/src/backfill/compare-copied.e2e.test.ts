import { Double, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { countGaps } from '../mirror/gaps.ts'
import { listQuarantine } from '../quarantine/quarantine.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { backfill } from './backfill.ts'

/** A world of 70 things in chunks of 30, in which Postgres changes what is written for some of them. */
async function tamperedWorld(change: string): Promise<{ world: SampleWorld; engine: SampleWorld['engine'] }> {
  const world = await sampleWorld('mirror')
  const engine = {
    ...world.engine,
    config: { ...world.engine.config, backfill: { chunkSize: 30, workers: 1 } },
  }
  await engine.pool.query(
    "insert into landbridge.position (capture, cluster_time) values ('change-stream', 1) on conflict do nothing",
  )
  await engine.database.collection('things').insertMany(
    Array.from({ length: 70 }, (_, i) => ({
      _id: new ObjectId(),
      name: `thing ${i}`,
      price: new Double(i + 0.5),
      parts: [{ label: `part ${i}` }],
    })),
  )
  await engine.pool.query(
    `create function tamper() returns trigger language plpgsql as $$ begin ${change} return new; end $$;
     create trigger tamper before insert on thing_parts for each row execute function tamper();
     alter table thing_parts enable always trigger tamper`,
  )
  return { world, engine }
}

const lastPart = "if new.label = 'part 45' then new.label := 'other'; end if;"

describe('comparison of what was copied', () => {
  it('finds a single changed cell of a child row, wherever it is, and keeps its document out', async () => {
    const { world, engine } = await tamperedWorld(lastPart)
    await using _ = world
    const report = await backfill(engine, 'sample')
    expect(report).toMatchObject({ complete: true, collections: [{ documents: 70, quarantined: 1 }, {}] })
    const [waiting] = await listQuarantine(engine.pool, { unit: 'sample' })
    expect(waiting).toMatchObject({ code: 'read-back', path: 'parts.0.label' })
    const { rows } = await engine.pool.query("select from things where name = 'thing 45'")
    expect(rows).toEqual([])
    expect(await countGaps(engine.pool)).toEqual([])
  })

  it('leaves it to verify with `later`', async () => {
    const { world, engine } = await tamperedWorld(lastPart)
    await using _ = world
    const report = await backfill(engine, 'sample', { compare: 'later' })
    expect(report).toMatchObject({ complete: true, collections: [{ documents: 70, quarantined: 0 }, {}] })
  })

  it('commits no chunk of which many documents do not come back', async () => {
    const { world, engine } = await tamperedWorld("new.label := new.label || '!';")
    await using _ = world
    const { complete, collections } = await backfill(engine, 'sample')
    expect(complete).toBe(false)
    expect(String(collections[0]?.error)).toContain('did not come back as it was sent')
    expect((await engine.pool.query('select from things')).rowCount).toBe(0)
  })
})
