/**
 * Kills the workers of a backfill again and again beside live writes, and compares every entity at the end.
 *
 *   npm run crash-backfill -- --kills 50 --seed 7
 *
 * Exit code: 0 no difference, 4 differences, 1 the run itself failed.
 */
import { parseArgs } from 'node:util'
import { acquireMongo } from '../apps/escrow/src/migration/mongo-server.ts'
import { acquirePostgres } from '../apps/escrow/src/platform/postgres-server.ts'
import { crashBackfill } from '../packages/landbridge/src/testing/crash-backfill/crash-backfill.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    documents: { type: 'string', default: '40000' },
    workers: { type: 'string', default: '3' },
    writes: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<number> {
  const kills = wholeNumber(values.kills)
  const seed = wholeNumber(values.seed)
  const workers = wholeNumber(values.workers)
  const servers = { name: `crash-${process.pid}`, fresh: true, throwaway: true }
  const [postgres, mongo] = await Promise.all([acquirePostgres(servers), acquireMongo(servers)])
  for (const { reason } of [postgres, mongo]) console.error(reason)
  console.error(`crash-backfill: ${kills} kills of ${workers} workers with seed ${seed}`)
  try {
    const report = await crashBackfill({
      postgresUrl: postgres.url,
      mongoUrl: mongo.url,
      kills,
      seed,
      documents: wholeNumber(values.documents),
      workers,
      writesPerSecond: wholeNumber(values.writes),
      onKill: ({ number, worker, heldChunks, done, chunks }) =>
        console.error(
          `kill ${number}: ${worker} with ${heldChunks} chunks; ${done} of ${chunks} chunks done`,
        ),
    })
    console.log(JSON.stringify({ ok: report.differences === 0 && report.gapsLeft === 0, ...report }, null, 2))
    return report.differences === 0 && report.gapsLeft === 0 ? 0 : 4
  } finally {
    await Promise.all([postgres.stop(), mongo.stop()])
  }
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new Error(`"${text}" is not a whole number`)
  return number
}

if (values.help) {
  console.log(
    'npm run crash-backfill -- [--kills 50] [--seed N] [--documents 40000] [--workers 3] [--writes 200]\n\n' +
      'Kills workers of a backfill beside live writes and compares every entity at the end. Exit codes: 0 equal, 4 not.',
  )
} else {
  process.exitCode = await main()
}
