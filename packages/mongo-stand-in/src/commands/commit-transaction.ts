import { commitTransaction as commitOpen, noSuchTransaction } from '../transactions/open-transaction.ts'
import type { Command } from './command.ts'

export const commitTransaction: Command = {
  name: 'commitTransaction',
  adminOnly: true,
  fields: ['recoveryToken'],
  inTransaction: true,
  run({ server, session, transaction }) {
    // A retry of a commit that an earlier process has done.
    if (transaction === undefined && session?.committedAt !== undefined) return {}
    if (transaction === undefined) throw noSuchTransaction('No transaction is in progress on this session.')
    if (transaction.state === 'aborted') {
      throw noSuchTransaction(`Transaction with { txnNumber: ${transaction.txnNumber} } has been aborted.`)
    }
    commitOpen(server, transaction)
    return {}
  },
}
