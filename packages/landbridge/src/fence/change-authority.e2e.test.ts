import { expect, it } from 'vitest'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { crossingWorld } from '../testing/crossing-world.ts'
import { changePhase } from './change-phase.ts'
import { readCopy } from './copy.ts'
import { type FenceStep, fenceSteps } from './fence-run.ts'

const beforeCommit = fenceSteps.slice(0, fenceSteps.indexOf('commit') + 1)
const announced = fenceSteps.indexOf('announce')

it('moves the authority to Postgres and back, and one store takes writes all along', async () => {
  await using world = await crossingWorld()
  const { engine, ids } = world
  const things = engine.database.collection('things')

  const forth = await changePhase(engine, { unit: 'sample', to: 'postgres', actor: 'test' })
  expect(forth.unfinished).toEqual([])
  expect(forth.pauseMs).toBeGreaterThan(0)
  expect(await world.closed()).toEqual([true, true])
  expect(await readCopy(engine, 'sample')).toMatchObject({ authority: 'postgres', epoch: forth.epoch })
  expect(await world.writable()).toEqual({ mongo: false, postgres: true })
  await engine.pool.query('update things set name = $2 where id = $1', [
    uuidFromObjectId(ids[0] ?? ''),
    'renamed',
  ])

  const back = await changePhase(engine, { unit: 'sample', to: 'shadow', actor: 'test' })
  expect(back.unfinished).toEqual([])
  expect(await world.closed()).toEqual([false, false])
  expect(await readCopy(engine, 'sample')).toMatchObject({ authority: 'mongo', epoch: back.epoch })
  expect(await things.findOne({ _id: ids[0] })).toMatchObject({ name: 'renamed', secret: 'only here' })
  expect(await world.writable()).toEqual({ mongo: true, postgres: false })
  const { rows } = await engine.pool.query(
    "select detail ->> 'to' as step from landbridge.audit where action = 'change-phase' order by id",
  )
  expect(rows.map((row) => row.step)).toEqual(['mirror', 'shadow', 'postgres', 'shadow'])
})

it('is undone when any step before the commit fails, in both directions', async () => {
  await using world = await crossingWorld()
  const { engine } = world
  const failAt = (to: 'postgres' | 'shadow', step: FenceStep) =>
    changePhase(engine, {
      unit: 'sample',
      to,
      actor: 'test',
      onStep: (now) => {
        if (now === step) throw new Error(`failed at ${step}`)
      },
    })

  for (const direction of ['postgres', 'shadow'] as const) {
    const here = await world.row()
    for (const step of beforeCommit) {
      if (direction === 'shadow' && ['lifetimes', 'copy', 'validator'].includes(step)) continue
      const before = await world.row()
      await expect(failAt(direction, step), `${direction} at ${step}`).rejects.toThrow(`failed at ${step}`)
      const after = await world.row()
      expect(after).toMatchObject({ phase: here.phase, status: 'open', fenceId: null })
      // An epoch that was given out is never used again.
      const grown = fenceSteps.indexOf(step) > announced ? 2n : 0n
      expect(after.epoch - before.epoch, `epoch after ${step}`).toBe(grown)
      expect(await world.closed(), `validators after ${step}`).toEqual(
        direction === 'postgres' ? [false, false] : [true, true],
      )
    }
    await world.to(direction)
  }
  expect(await world.writable()).toEqual({ mongo: true, postgres: false })
})

it('lets one of two coordinators through', async () => {
  await using world = await crossingWorld()
  const other = await world.another('second operator')
  const results = await Promise.allSettled([
    changePhase(world.engine, { unit: 'sample', to: 'postgres', actor: 'one' }),
    changePhase(other, { unit: 'sample', to: 'postgres', actor: 'two' }),
  ])
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  const refused = results.find((result) => result.status === 'rejected')
  expect(['LB_FENCE_BUSY', 'LB_STEP_NOT_ALLOWED', 'LB_FENCE_UNDONE']).toContain(refused?.reason.code)
  expect(await world.row()).toMatchObject({ phase: 'postgres', status: 'open' })
  expect(await world.writable()).toEqual({ mongo: false, postgres: true })
})

it('refuses while a live node does not answer, and goes past a dead one', async () => {
  await using world = await crossingWorld({ timing: { pingMs: 300 } })
  await world.engine.pool.query(
    `insert into landbridge.node (id, name, kind, process_id, host, build, heartbeat_at)
     values (gen_random_uuid(), 'frozen', 'application', 1, 'elsewhere', 'test', now() + interval '1 minute')`,
  )
  await expect(world.to('postgres')).rejects.toThrow(/frozen/)
  expect(await world.row()).toMatchObject({ phase: 'shadow', status: 'open' })
  await world.engine.pool.query(
    "update landbridge.node set heartbeat_at = now() - interval '1 minute' where name = 'frozen'",
  )
  await world.to('postgres')
})
