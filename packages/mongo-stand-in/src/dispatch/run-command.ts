import type { Document, Timestamp } from 'bson'
import type { Command } from '../commands/command.ts'
import { type CommandContext, maxTimeExpired } from '../commands/context.ts'
import { documentField, numberField } from '../commands/fields.ts'
import { findCommand } from '../commands/registry.ts'
import type { Operation } from '../operations.ts'
import { majorityHolds } from '../replication/majority-concern.ts'
import { badValue, serverError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { fromTimestamp } from '../storage/cluster-clock.ts'
import { abortTransaction, type OpenTransaction } from '../transactions/open-transaction.ts'
import type { Session } from '../transactions/session-registry.ts'
import type { Client } from '../wire/connection.ts'
import type { CursorReply } from '../wire/reply-encoding.ts'
import { assertApiVersion } from './api-version.ts'
import { assertConcerns } from './concern-arguments.ts'
import { enterTransaction } from './enter-transaction.ts'
import { assertKnownArguments } from './generic-arguments.ts'
import { readTime } from './read-concern.ts'
import { withWriteConcernError } from './write-concern.ts'

export interface CommandRequest {
  readonly command: Document
  readonly rawDocuments: Uint8Array[] | undefined
  readonly client: Client
}

const MAX_INT = 2_147_483_647
const READS = new Set(['find', 'aggregate', 'count', 'distinct'])

/** Runs one command: finds it, takes its session, opens or joins its transaction, and gives everything back. */
export async function runCommand(
  server: ServerState,
  { command, rawDocuments, client }: CommandRequest,
): Promise<Document | CursorReply> {
  const name = Object.keys(command)[0] ?? ''
  const found = findCommand(name)
  if (found === undefined) throw serverError(59, 'CommandNotFound', `no such command: '${name}'`)
  const db = typeof command.$db === 'string' ? command.$db : 'admin'
  const target: unknown = command[name]
  const ns = typeof target === 'string' ? `${db}.${target}` : `${db}.$cmd`
  const operation = server.operations.begin({
    name: found.name,
    ns,
    command,
    connectionId: client.id,
    appName: client.appName,
  })
  const stop = client.onClose(() =>
    operation.controller.abort(serverError(279, 'ClientDisconnect', 'client disconnected')),
  )
  try {
    assertApiVersion(found.name, command)
    if (found.adminOnly === true && db !== 'admin')
      throw serverError(13, 'Unauthorized', `${found.name} may only be run against the admin database.`)
    assertKnownArguments(found, command)
    assertConcerns(found, command)
    followClientClock(server, command)
    return await withSession(server, command, operation, (session) =>
      execute(server, found, { command, name, db, rawDocuments, client, operation, session }),
    )
  } finally {
    stop()
    server.operations.end(operation)
  }
}

type Call = Pick<
  CommandContext,
  'command' | 'name' | 'db' | 'rawDocuments' | 'client' | 'operation' | 'session'
>

async function execute(server: ServerState, found: Command, call: Call): Promise<Document | CursorReply> {
  const { command, operation, session } = call
  operation.session = session
  if (session !== undefined) session.lastClient = operation
  const transaction = enterTransaction(server, found, command, session)
  operation.transaction = transaction
  const maxTimeMs = found.name === 'getMore' ? undefined : maxTimeOf(command)
  const context: CommandContext = {
    ...call,
    server,
    transaction,
    retryable: command.txnNumber !== undefined && transaction === undefined,
    deadline: maxTimeMs === undefined ? undefined : Date.now() + maxTimeMs,
    readAt: undefined,
    locked: new Set(),
  }
  const reply = await runLocked(found, context)
  // Not with the locks held: a change of the catalog need not wait for the other members too.
  const problem = await majorityHolds(context)
  return problem === undefined ? reply : withWriteConcernError(reply, problem, [])
}

/** maxTimeMS; undefined for none, which 0 means too. */
function maxTimeOf(command: Document): number | undefined {
  const ms = numberField(command, 'maxTimeMS') || undefined
  if (ms !== undefined && (ms < 0 || ms > MAX_INT))
    throw badValue(`${ms} value for maxTimeMS is out of range [0, ${MAX_INT}]`)
  return ms
}

async function runLocked(found: Command, context: CommandContext): Promise<Document | CursorReply> {
  const { server, transaction, operation } = context
  try {
    const readAt = transaction === undefined ? await readTime(context, found) : undefined
    const reply = await found.run({ ...context, readAt })
    // A write that is done is done: only what has changed nothing may be called too late afterwards.
    if (context.deadline !== undefined && Date.now() > context.deadline && READS.has(found.name))
      throw maxTimeExpired()
    return reply
  } catch (error) {
    abortAfterError(server, found, transaction)
    throw error
  } finally {
    for (const ns of context.locked) server.locks.release(ns, operation)
  }
}

/** Whatever goes wrong inside of a transaction ends it; the client must begin anew. */
function abortAfterError(
  server: ServerState,
  { name }: Command,
  transaction: OpenTransaction | undefined,
): void {
  if (transaction !== undefined && name !== 'commitTransaction') abortTransaction(server, transaction)
}

/** Operations of one session go one after another, so that a commit never overtakes a write. */
async function withSession<T>(
  server: ServerState,
  command: Document,
  operation: Operation,
  run: (session: Session | undefined) => Promise<T>,
): Promise<T> {
  const lsid = documentField(command, 'lsid')
  if (lsid === undefined) return run(undefined)
  const session = server.sessions.open(lsid)
  // Only numbered operations share state. Others (a getMore that waits, a killCursors) must not wait for each other.
  if (command.txnNumber === undefined) return run(session)
  const { promise, resolve } = Promise.withResolvers<void>()
  const before = session.busy
  session.busy = before.then(() => promise)
  try {
    await before
    operation.controller.signal.throwIfAborted()
    return await run(session)
  } finally {
    resolve()
  }
}

function followClientClock({ store }: ServerState, command: Document): void {
  const times: Array<Timestamp | undefined> = [
    documentField(command, '$clusterTime')?.clusterTime,
    documentField(command, 'readConcern')?.afterClusterTime,
  ]
  for (const time of times) if (time !== undefined) store.advanceTo(fromTimestamp(time))
}
