import { expect, it, vi } from 'vitest'
import { authorityOf } from '../phase.ts'
import { type CrossingWorld, crossingWorld } from '../testing/crossing-world.ts'
import { changePhase } from './change-phase.ts'
import { copyFor, readCopy } from './copy.ts'
import type { FenceStep } from './fence-run.ts'

interface Stopped {
  wake(): void
  outcome: Promise<unknown>
}

/** Starts a change whose coordinator stops, as after SIGSTOP or SIGKILL, right before the step. */
async function stopAt(world: CrossingWorld, to: 'postgres' | 'shadow', step: FenceStep): Promise<Stopped> {
  const coordinator = await world.another(`stopped at ${step}`)
  let wake: () => void = () => undefined
  const woken = new Promise<void>((resolve) => {
    wake = resolve
  })
  let outcome: Promise<unknown> = Promise.resolve()
  await new Promise<void>((reached) => {
    outcome = changePhase(coordinator, {
      unit: 'sample',
      to,
      actor: 'test',
      onStep: async (now) => {
        if (now !== step) return
        reached()
        await woken
      },
    }).catch((error: unknown) => error)
  })
  return { wake, outcome }
}

/** The other node has settled what was left behind: the row is open and MongoDB is as it says. */
async function settled(world: CrossingWorld): Promise<void> {
  await vi.waitFor(
    async () => {
      const row = await world.row()
      expect(row.status).toBe('open')
      expect(await readCopy(world.engine, 'sample')).toEqual(copyFor(row))
      const shut = authorityOf(row.phase) === 'postgres'
      expect(await world.closed()).toEqual([shut, shut])
    },
    { timeout: 8_000, interval: 50 },
  )
}

const timing = { fenceDeadlineMs: 1_000 }

it('a coordinator killed at any step towards Postgres leaves what the next node settles', async () => {
  await using world = await crossingWorld({ timing })
  for (const step of ['validator', 'commit'] as const) {
    const coordinator = await stopAt(world, 'postgres', step)
    await settled(world)
    expect(await world.row(), step).toMatchObject({ phase: 'shadow' })
    // It wakes after its fence was undone: nothing that it still does may have an effect that lasts.
    coordinator.wake()
    expect(await coordinator.outcome, step).toMatchObject({ code: 'LB_FENCE_UNDONE' })
    await settled(world)
    expect(await world.writable(), step).toEqual({ mongo: true, postgres: false })
  }
  const committed = await stopAt(world, 'postgres', 'assert')
  await settled(world)
  expect(await world.writable()).toEqual({ mongo: false, postgres: true })
  committed.wake()
  expect(await committed.outcome).toMatchObject({ to: 'postgres' })
})

it('a coordinator killed at any step back to MongoDB leaves what the next node settles', async () => {
  await using world = await crossingWorld({ timing, phase: 'postgres' })
  for (const step of ['open', 'commit'] as const) {
    const coordinator = await stopAt(world, 'shadow', step)
    await settled(world)
    expect(await world.row(), step).toMatchObject({ phase: 'postgres' })
    coordinator.wake()
    expect(await coordinator.outcome, step).toMatchObject({ code: 'LB_FENCE_UNDONE' })
    await settled(world)
    expect(await world.writable(), step).toEqual({ mongo: false, postgres: true })
  }
  // After the commit the node lifts the validator, though the coordinator never comes back.
  const committed = await stopAt(world, 'shadow', 'assert')
  await settled(world)
  expect(await world.writable()).toEqual({ mongo: true, postgres: false })
  committed.wake()
  await committed.outcome
})

it('a dead coordinator that was a node is undone before its deadline', async () => {
  await using world = await crossingWorld({ timing: { fenceDeadlineMs: 60_000, nodeDeadAfterMs: 500 } })
  const coordinator = await world.another('killed node')
  await world.engine.pool.query(
    `insert into landbridge.node (id, name, kind, process_id, host, build)
     values ($1, 'killed node', 'application', 1, 'elsewhere', 'test')`,
    [coordinator.node.id],
  )
  await world.engine.pool.query(
    `update landbridge.unit set status = 'fenced', epoch = epoch + 1, fence_id = gen_random_uuid(),
       fence_target = 'postgres', fence_node = $1, fence_deadline = now() + interval '1 minute'`,
    [coordinator.node.id],
  )
  await settled(world)
  expect(await world.row()).toMatchObject({ phase: 'shadow' })
})
