import { serverError } from '../server-error.ts'
import { abortTransaction as abortOpen, noSuchTransaction } from '../transactions/open-transaction.ts'
import type { Command } from './command.ts'

export const abortTransaction: Command = {
  name: 'abortTransaction',
  adminOnly: true,
  fields: ['recoveryToken'],
  inTransaction: true,
  run({ server, transaction }) {
    if (transaction === undefined || transaction.state === 'committed') {
      throw serverError(256, 'TransactionCommitted', 'Transaction has been committed.')
    }
    if (transaction.state === 'aborted') {
      throw noSuchTransaction(`Transaction with { txnNumber: ${transaction.txnNumber} } has been aborted.`)
    }
    abortOpen(server, transaction)
    return {}
  },
}
