import { isDeepStrictEqual } from 'node:util'
import { openEngine } from 'landbridge'
import { finish } from 'landbridge/operator-api'
import { freePort } from '../../platform/free-port.ts'
import { configure } from '../landbridge.config.ts'
import { startApplication } from './application-process.ts'
import { environmentOf, rehearsalSecrets } from './applications.ts'
import { type LoadActor, loadClient } from './load/http-client.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { rehearsalLog } from './rehearsal-log.ts'

/**
 * The end, with MongoDB stopped: the program while moving starts without it, the engine leaves the database, the final
 * program starts, and both read the same. Answers what differed.
 */
export async function finishWithoutMongo(context: RehearsalContext): Promise<string[]> {
  const { stores, progress, load } = context
  const reads = readsOf(load)
  const whileMoving = await readAll(context, 'migration', { MONGO_CONNECT_MODE: 'never' }, reads)
  progress.done(
    `with MongoDB stopped, migration/main.ts serves with MONGO_CONNECT_MODE=never (${reads.length} reads)`,
  )

  await using engine = await openEngine({
    config: configure({ rehearsal: true, mongoIsStandIn: stores.mongo.kind === 'stand-in' }),
    postgresUrl: stores.postgresUrl,
    mongoUrl: stores.mongoUrl,
    databaseName: stores.databaseName,
    nodeName: 'rehearsal',
    mongo: 'lazy',
    log: rehearsalLog(),
  })
  const finished = await finish(engine, { run: true })
  progress.done(`landbridge finish: ${finished.sql.length} statements, ${finished.message}`)

  const final = await readAll(context, 'final', {}, reads)
  progress.done('the final program, main.ts, serves the same data')
  return reads.flatMap(({ path }, index) =>
    isDeepStrictEqual(whileMoving[index], final[index]) ? [] : [path],
  )
}

interface FinalRead {
  path: string
  actor: LoadActor
}

function readsOf({ admin, buyers, sellers, categoryId }: RehearsalContext['load']): FinalRead[] {
  return [
    { path: '/api/marketplace/categories', actor: admin },
    { path: '/api/marketplace/categories/tree', actor: admin },
    { path: `/api/marketplace/categories/${categoryId}`, actor: admin },
    { path: '/api/points/levels', actor: admin },
    { path: '/api/points/admin/levels', actor: admin },
    { path: '/api/admin/settings', actor: admin },
    { path: '/api/admin/settings/confirmation_threshold:97/history', actor: admin },
    ...sellers.map((actor) => ({ path: '/api/marketplace/shop', actor })),
    { path: '/api/payment/statistics', actor: admin },
    { path: '/api/blog/posts?limit=100', actor: admin },
    { path: '/api/blog/categories', actor: admin },
    ...sellers.map(({ id }) => ({ path: `/api/marketplace/reviews/seller/${id}`, actor: admin })),
    ...[...buyers, ...sellers].flatMap((actor) =>
      [
        '/api/user/profile',
        '/api/points/my-points',
        '/api/points/transactions',
        '/api/marketplace/purchase-requests?limit=100',
        '/api/payment?limit=100',
        '/api/addresses',
        '/api/notifications?limit=100',
        '/api/notifications/unread-count',
        '/api/trezor/account',
        '/api/chat?limit=100',
        '/api/chat/unread',
        '/api/telegram/link',
        '/api/telegram/sessions',
      ].map((path) => ({ path, actor })),
    ),
  ]
}

async function readAll(
  { stores }: RehearsalContext,
  program: 'migration' | 'final',
  extra: Record<string, string>,
  reads: FinalRead[],
): Promise<unknown[]> {
  const port = await freePort()
  const environment = { ...environmentOf(stores), ...extra }
  const application = await startApplication({ name: `${program}-program`, port, program, environment })
  try {
    const client = loadClient(rehearsalSecrets.jwt)
    client.setProcesses([application.url])
    // The first look makes something: referral codes are made when their owner asks for them.
    for (const { path, actor } of reads) await client.call('GET', path, { actor })
    const answers: unknown[] = []
    for (const { path, actor } of reads) {
      const answer = await client.call('GET', path, { actor })
      if (answer.kind !== 'done')
        throw new Error(`${program} program: GET ${path} gave ${JSON.stringify(answer)}`)
      answers.push(answer.data)
    }
    return answers
  } finally {
    await application.stop()
  }
}
