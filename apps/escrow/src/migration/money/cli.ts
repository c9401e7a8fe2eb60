/**
 * Compares the money of both stores while units move:  npm run money [-- --json]
 */
import { parseArgs } from 'node:util'
import { openEngine } from 'landbridge'
import { runProgram } from '../../platform/run-program.ts'
import { connections, landbridge } from '../landbridge.config.ts'
import { readMigrationConfig } from '../migration-config.ts'
import { printMoney } from './print-money.ts'
import { moneyStoresOf, reconcileMoney } from './reconcile-money.ts'

const help = `Compares the money of both stores, to the last decimal: payments by provider, status and day, the ledger by kind,
direction and day. Changes nothing. A line that a write in flight explains is looked at again before it is reported.

  npm run money [-- OPTIONS]

  --json     one JSON document: totals, differences, what was left out
  --help     this text

The stores are those of DATABASE_URL, MONGO_URL and MONGO_DB, or of a rehearsal that runs on this machine.
Exit codes: 0 the same money, 4 a line differs, 1 it could not be compared.
`

const exitCodes = { equal: 0, different: 4 }

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
if (values.help) process.stdout.write(help)
else await runProgram(main)

async function main(): Promise<void> {
  const engine = await openEngine({ config: landbridge, ...(await stores()), nodeName: 'operator money' })
  try {
    const report = await reconcileMoney(moneyStoresOf(engine))
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : printMoney(report))
    process.exitCode = report.equal ? exitCodes.equal : exitCodes.different
  } finally {
    await engine.close()
  }
}

async function stores() {
  const running = await connections()
  if (running !== null) return running
  const { databaseUrl, mongoUrl, mongoDatabase } = readMigrationConfig(process.env)
  return { postgresUrl: databaseUrl, mongoUrl, databaseName: mongoDatabase }
}
