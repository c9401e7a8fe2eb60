import type { Collection, Document, MongoClient } from 'mongodb'
import type { Random } from './random.ts'
import { assertRule, RULES } from './violation.ts'
import { type DatabaseState, IN_DOUBT, replyOrDoubt, type Workload } from './workload.ts'

export interface Account extends Document {
  _id: string
  balance: number
}

export interface Transfer extends Document {
  _id: string
  from: string
  to: string
  amount: number
}

export interface TransferCollections {
  readonly client: MongoClient
  readonly accounts: Collection<Account>
  readonly transfers: Collection<Transfer>
}

const ACCOUNTS = Array.from({ length: 8 }, (_, n) => `account-${n}`)

/** Writers that move money between shared accounts, each time in a transaction that also notes the transfer. */
export function transfersBetween(
  { client, accounts, transfers }: TransferCollections,
  writers: number,
  random: Random,
): Workload {
  const balances = new Map(ACCOUNTS.map((id) => [id, 0]))
  const acknowledged = new Set<string>()
  const inDoubt = new Set<string>()
  let count = 0

  async function lane(): Promise<boolean> {
    const from = random.pick(ACCOUNTS)
    const to = random.pick(ACCOUNTS.filter((id) => id !== from))
    const transfer = { _id: `transfer-${count++}`, from, to, amount: 1 + random.below(50) }
    if ((await replyOrDoubt(() => transact(transfer))) === IN_DOUBT) {
      inDoubt.add(transfer._id)
      return false
    }
    acknowledged.add(transfer._id)
    return true
  }

  async function transact(transfer: Transfer): Promise<void> {
    const { from, to, amount } = transfer
    await client.withSession((session) =>
      session.withTransaction(async () => {
        const options = { session, upsert: true }
        await accounts.updateOne({ _id: from }, { $inc: { balance: -amount } }, options)
        await accounts.updateOne({ _id: to }, { $inc: { balance: amount } }, options)
        await transfers.insertOne(transfer, { session })
      }),
    )
  }

  function settle(state: DatabaseState): void {
    const noted = [...(state.get(transfers.collectionName)?.values() ?? [])] as Transfer[]
    const ids = new Set(noted.map(({ _id }) => _id))
    const lost = [...acknowledged].filter((id) => !ids.has(id))
    const unknown = [...ids].filter((id) => !acknowledged.has(id) && !inDoubt.has(id))
    assertRule(lost.length === 0, RULES.lostOrTwice, () => `${lost.join(', ')} were lost`)
    assertRule(unknown.length === 0, RULES.lostOrTwice, () => `nobody did ${unknown.join(', ')}`)
    for (const { from, to, amount } of noted) {
      balances.set(from, (balances.get(from) ?? 0) - amount)
      balances.set(to, (balances.get(to) ?? 0) + amount)
    }
    for (const [id, balance] of balances) {
      const found = state.get(accounts.collectionName)?.get(id)?.balance ?? 0
      assertRule(
        found === balance,
        RULES.atomic,
        () => `${id} has ${found}, and with the transfers that are noted it must be ${balance}`,
      )
    }
    acknowledged.clear()
    inDoubt.clear()
  }

  return {
    lanes: Array.from({ length: writers }, () => lane),
    settle,
    tidy: async () => {
      await transfers.deleteMany({})
    },
  }
}
