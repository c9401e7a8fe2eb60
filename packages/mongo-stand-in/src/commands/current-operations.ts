import { type Document, Int32, Long } from 'bson'
import type { Operation } from '../operations.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { type OpenTransaction, TRANSACTION_LIFETIME_MS } from '../transactions/open-transaction.ts'
import type { CommandContext } from './context.ts'
import { booleanField } from './fields.ts'

/** The documents of `$currentOp`: operations that run, and sessions that hold a transaction without running anything. */
export function* currentOperations({ server }: CommandContext, options: Document): Generator<Document> {
  const active = new Set<OpenTransaction>()
  for (const operation of server.operations.all()) {
    if (operation.transaction !== undefined) active.add(operation.transaction)
    yield describeOperation(
      operation,
      server.address,
      server.locks.isWaiting(operation.transaction ?? operation),
    )
  }
  if (booleanField(options, 'idleSessions') === false) return
  for (const { transaction } of server.sessions.all()) {
    if (transaction?.state === 'open' && !active.has(transaction)) {
      yield {
        type: 'idleSession',
        host: server.address,
        desc: 'inactive transaction',
        client: '',
        connectionId: new Int32(transaction.session.lastClient?.connectionId ?? 0),
        appName: transaction.session.lastClient?.appName ?? '',
        lsid: transaction.session.lsid,
        transaction: describeTransaction(transaction),
        waitingForLock: false,
        active: false,
        locks: Object.fromEntries([...transaction.locked].map((ns) => [ns, 'w'])),
      }
    }
  }
}

function describeOperation(operation: Operation, host: string, waitingForLock: boolean): Document {
  const { id, name, ns, command, session, transaction, startedAt, connectionId, appName } = operation
  const micros = Long.fromNumber((Date.now() - startedAt) * 1000)
  return {
    type: 'op',
    host,
    desc: `conn${connectionId}`,
    connectionId: new Int32(connectionId),
    ...(appName === undefined ? {} : { appName }),
    active: true,
    currentOpTime: new Date().toISOString(),
    opid: new Int32(id),
    secs_running: Long.fromNumber(Math.floor((Date.now() - startedAt) / 1000)),
    microsecs_running: micros,
    op: name === 'getMore' ? 'getmore' : 'command',
    ns,
    command,
    ...(session === undefined ? {} : { lsid: session.lsid }),
    ...(transaction === undefined ? {} : { transaction: describeTransaction(transaction) }),
    waitingForLock,
  }
}

function describeTransaction({ txnNumber, startedAt, readConcern, unit }: OpenTransaction): Document {
  const openMs = Date.now() - startedAt.getTime()
  return {
    parameters: { txnNumber: Long.fromBigInt(txnNumber), autocommit: false, readConcern },
    readTimestamp: toTimestamp(unit.snapshot),
    startWallClockTime: startedAt.toISOString(),
    timeOpenMicros: Long.fromNumber(openMs * 1000),
    expiryTime: new Date(startedAt.getTime() + TRANSACTION_LIFETIME_MS).toISOString(),
  }
}
