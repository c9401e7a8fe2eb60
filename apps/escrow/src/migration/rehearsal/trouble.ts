import { setTimeout as sleep } from 'node:timers/promises'
import { inTransaction, uuidFromObjectId } from 'landbridge'
import { verify } from 'landbridge/operator-api'
import type { UnitName } from '../../units.ts'
import type { LoadActor } from './load/http-client.ts'
import { operator, type RehearsalContext } from './rehearsal-context.ts'

/** Kills a process without a chance to clean up and starts it again, under load. */
export async function killAndRestart(
  { applications, progress }: RehearsalContext,
  name: string,
): Promise<string> {
  await applications.kill(name)
  progress.done(`${name} was killed with SIGKILL`)
  await sleep(1_000)
  await applications.start(name)
  progress.done(`${name} serves again`)
  return name
}

const outageMs = 6_000

/**
 * Takes Postgres away. Meanwhile both processes must go on serving the units whose authority is MongoDB, and one of
 * them is restarted: it has only the copy in MongoDB to start by. Throws when a call that needs no Postgres fails.
 */
export async function takePostgresAway(
  context: RehearsalContext,
  restarted: string,
  served: UnitName,
): Promise<void> {
  const { stores, applications, progress, notes } = context
  const { suspend, resume } = stores.postgres
  if (suspend === undefined || resume === undefined) {
    notes.push('Postgres was not taken away: DATABASE_URL is not ours to stop.')
    return
  }
  await suspend()
  progress.done('Postgres is away')
  const until = Date.now() + outageMs
  try {
    await sleep(1_000)
    await mustServe(context, served)
    await applications.kill(restarted)
    await applications.start(restarted)
    progress.done(`${restarted} was restarted without Postgres`)
    await mustServe(context, served)
    await sleep(Math.max(0, until - Date.now()))
  } finally {
    await resume()
  }
  progress.done(`Postgres is back; ${served} was served by both processes all the while`)
  await sleep(1_500)
}

/** Calls every process once: a read and a write of the unit. */
async function mustServe({ load, applications }: RehearsalContext, unit: UnitName): Promise<void> {
  for (let index = 0; index < applications.urls().length; index += 1) {
    const answer = await callOf(load, unit)
    if (answer.kind !== 'done') {
      throw new Error(
        `${unit} stands on MongoDB but was not served without Postgres: ${JSON.stringify(answer)}`,
      )
    }
  }
}

function callOf({ client, admin, buyers, sellers }: RehearsalContext['load'], unit: UnitName) {
  const [buyer = admin, seller = admin] = [buyers[0], sellers[0]]
  const paths: Record<UnitName, string> = {
    category: '/api/marketplace/categories',
    shop: '/api/marketplace/shop',
    level: '/api/points/levels',
    config: '/api/admin/settings',
    user: '/api/user/profile',
    request: '/api/marketplace/purchase-requests',
    payment: '/api/payment',
    address: '/api/addresses',
    review: `/api/marketplace/reviews/seller/${seller.id}`,
    blog: '/api/blog/posts',
    dispute: '/api/disputes',
    notification: '/api/notifications',
    trezor: '/api/trezor/account',
    chat: '/api/chat',
    telegram: '/api/telegram/sessions',
  }
  const actor = { shop: seller, config: admin }[unit as string] ?? buyer
  return client.call('GET', paths[unit], { actor })
}

/** What is damaged: the row of a person whom the load reads and nobody else writes that column of. */
const damaged = { collection: 'users', column: 'last_name', path: 'lastName', value: 'Damaged' }

/**
 * Damages a row as a bad script under the replica role would: no trigger sees it. Verify must name it with path, a
 * shadow read must notice it, and repair must mend it.
 */
export async function damageAndMend(context: RehearsalContext): Promise<boolean> {
  const { engine, load, progress } = context
  const victim = load.buyers.at(-1)
  if (victim === undefined) throw new Error('the rehearsal has nobody to damage')
  await inTransaction(engine.pool, { applier: true }, async (tx) => {
    await tx.query('update users set last_name = $1 where id = $2', [
      damaged.value,
      uuidFromObjectId(victim.id),
    ])
  })
  progress.done(`damaged ${damaged.collection} ${victim.id}: ${damaged.path}`)

  const look = (repair: boolean) =>
    verify(engine, {
      unit: 'user',
      actor: operator,
      collections: [damaged.collection],
      graceMs: 0,
      repair,
      restart: true,
    })
  const found = await look(false)
  const named = found.collections.some(({ groups }) =>
    groups.some(
      (group) => group.signature.includes(damaged.path) && group.postgresValue?.includes(damaged.value),
    ),
  )
  const shadowed = await untilShadowNames(context, victim)
  await look(true)
  const mended = (await look(false)).differences === 0
  progress.done(
    `verify ${named ? 'named' : 'MISSED'} the damage, shadow reads ${shadowed ? 'too' : 'did NOT'}; ` +
      `repair ${mended ? 'mended it' : 'did NOT mend it'}`,
  )
  await untilMismatchesAreOld(context)
  return named && shadowed && mended
}

/** Reads the victim through the application until a shadow read has named the damage. */
async function untilShadowNames({ engine, load }: RehearsalContext, victim: LoadActor): Promise<boolean> {
  const until = Date.now() + 20_000
  while (Date.now() < until) {
    await load.client.call('GET', '/api/user/profile', { actor: victim })
    const { rows } = await engine.pool.query(
      "select count(*)::int as named from landbridge.shadow_sample where unit = 'user' and not matched and detail::text like $1",
      [`%${damaged.value}%`],
    )
    if (rows[0].named > 0) return true
    await sleep(250)
  }
  return false
}

/** Gate 6 counts mismatches of the last hours, here seconds: the ones that were made on purpose grow old. */
async function untilMismatchesAreOld({ engine, progress }: RehearsalContext): Promise<void> {
  progress.now('user: waiting until the mismatches made on purpose are old enough for gate 6')
  await sleep(engine.config.timing.noMismatchMs + 500)
}
