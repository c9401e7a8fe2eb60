/**
 * The totals of payments in MongoDB, by provider, status, day and currency, exact and as CSV: to lay beside the same
 * totals of Postgres (docs/runbook/money.md). Reads only.
 *
 *   node apps/escrow/src/migration/money-in-mongo.ts
 */
import { pathToFileURL } from 'node:url'
import mongoose, { type Connection } from 'mongoose'
import { addAmounts, timesAmount, zeroAmount } from '../platform/money.ts'
import { ProgramError, runProgram } from '../platform/run-program.ts'
import { lenientAmount, lenientDate, lenientText } from './lenient.ts'
import { readMongoConfig } from './migration-config.ts'

interface Total {
  count: number
  amount: ReturnType<typeof addAmounts>
}

/**
 * One line for each provider, status, day and currency. The server counts equal amounts and the sum is made here:
 * `$sum` skips text, and adds doubles inexactly.
 */
export async function moneyInMongo(connection: Connection): Promise<string[]> {
  const totals = new Map<string, Total>()
  const words = { provider: '$provider', status: '$status', currency: '$amount.currency' }
  const group = { ...words, at: '$createdAt', amount: '$amount.amount' }
  const groups = connection.collection('payments').aggregate([{ $group: { _id: group, count: { $sum: 1 } } }])
  for await (const { _id, count } of groups) {
    const day = lenientDate(_id.at)?.toISOString().slice(0, 10)
    const key = [lenientText(_id.provider), lenientText(_id.status), day, lenientText(_id.currency)].join(',')
    const amount = timesAmount(lenientAmount(_id.amount) ?? zeroAmount, Number(count))
    const known = totals.get(key) ?? { count: 0, amount: zeroAmount }
    totals.set(key, { count: known.count + Number(count), amount: addAmounts(known.amount, amount) })
  }
  return [...totals].map(([key, { count, amount }]) => `${key},${count},${amount}`).sort()
}

async function main(): Promise<void> {
  const { mongoUrl, mongoDatabase } = readMongoConfig(process.env)
  const options = { dbName: mongoDatabase, serverSelectionTimeoutMS: 5_000 }
  const connection = await mongoose
    .createConnection(mongoUrl, options)
    .asPromise()
    .catch((cause: unknown) => {
      throw new ProgramError('MONGO_UNAVAILABLE', `MONGO_URL cannot be reached: ${String(cause)}`, { cause })
    })
  try {
    for (const line of await moneyInMongo(connection)) console.log(line)
  } finally {
    await connection.close()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runProgram(main)
