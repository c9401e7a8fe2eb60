import { setTimeout as sleep } from 'node:timers/promises'
import { Binary, type Document, Double, Int32, Long } from 'bson'
import { errorLabels, errorName } from '../error-names.ts'
import { ServerError, serverError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { CursorReply, encodeReply } from '../wire/reply-encoding.ts'
import { type CommandRequest, runCommand } from './run-command.ts'
import { withWriteConcernError, writeConcernProblem } from './write-concern.ts'

/** The bytes to answer with, or that the connection shall be cut without an answer. */
export type Answer = { bytes: Uint8Array[]; ok: boolean } | 'cut'

const NO_SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO }

/** Runs the command, with the faults that a fail point asks for, and waits until what it did is kept in the file. */
export async function answerCommand(server: ServerState, request: CommandRequest): Promise<Answer> {
  const { command, client } = request
  const name = Object.keys(command)[0] ?? ''
  const faultPoint = server.failPoints.forCommand(name, client.appName)
  const fault = faultPoint?.data
  if (fault?.blockConnection === true) await sleep(Number(fault.blockTimeMS ?? 0))
  if (fault?.closeConnection === true) return 'cut'
  const writeFault = isFirstAttempt(server, command) ? server.failPoints.forRetryableWrite() : undefined
  const failsBefore = writeFault?.failBeforeCommitExceptionCode !== undefined
  if (failsBefore && writeFault?.closeConnection !== false) return 'cut'
  const reply = await replyTo(server, request, fault, faultPoint?.inCursor !== false)
  await server.store.kept()
  if (writeFault !== undefined && !failsBefore) return 'cut'
  const ok = reply instanceof CursorReply || Number(reply.ok ?? 1) === 1
  return { bytes: encodeReply(reply, commonFields(server, reply)), ok }
}

async function replyTo(
  server: ServerState,
  request: CommandRequest,
  fault: Document | undefined,
  inCursor: boolean,
): Promise<Document | CursorReply> {
  try {
    if (fault?.errorCode !== undefined) {
      const code = Number(fault.errorCode)
      const labels: string[] | undefined = fault.errorLabels
      throw serverError(code, errorName(code), "Failing command via 'failCommand' failpoint", {
        extra: labels === undefined ? {} : { errorLabels: labels },
      })
    }
    const reply = await runCommand(server, request)
    return withWriteConcern(reply, request.command, fault)
  } catch (error) {
    return errorReply(server, request, error, inCursor)
  }
}

/** Whether the command is a retryable write of which nothing has been done yet. */
function isFirstAttempt({ sessions }: ServerState, { txnNumber, autocommit, lsid }: Document): boolean {
  if (!(txnNumber instanceof Long) || autocommit === false) return false
  const session = sessions.find(lsid)
  return session === undefined || session.txnNumber !== txnNumber.toBigInt() || session.statements.size === 0
}

function withWriteConcern(
  reply: Document | CursorReply,
  command: Document,
  fault: Document | undefined,
): Document | CursorReply {
  const problem: Document | undefined = fault?.writeConcernError ?? writeConcernProblem(command)
  if (problem === undefined) return reply
  return withWriteConcernError(reply, problem, fault?.errorLabels ?? labelsFor(command, Number(problem.code)))
}

function errorReply(
  server: ServerState,
  { command }: CommandRequest,
  error: unknown,
  inCursor: boolean,
): Document {
  const known = error instanceof ServerError ? error : unexpected(error)
  const changeStream = inCursor && command.getMore instanceof Long && isChangeStream(server, command.getMore)
  const labels = new Set([...known.labels, ...labelsFor(command, known.code, changeStream)])
  return {
    ok: new Double(0),
    errmsg: known.message,
    code: new Int32(known.code),
    codeName: known.codeName,
    ...(labels.size === 0 ? {} : { errorLabels: [...labels] }),
    ...known.extra,
  }
}

function labelsFor(command: Document, code: number, changeStream = false): string[] {
  return errorLabels(code, {
    command: Object.keys(command)[0] ?? '',
    inTransaction: command.autocommit === false,
    retryableWrite: command.txnNumber !== undefined && command.autocommit === undefined,
    changeStream,
  })
}

function isChangeStream({ cursors }: ServerState, id: Long): boolean {
  for (const cursor of cursors.all()) if (cursor.id.equals(id)) return cursor.source.isChangeStream
  return false
}

/** A fault of the stand-in itself: told to the client with its stack, so that a test shows where. */
function unexpected(error: unknown): ServerError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return serverError(1, 'InternalError', `The stand-in failed: ${text}`, { cause: error })
}

function commonFields({ store }: ServerState, reply: Document | CursorReply): Document {
  const now = toTimestamp(store.now())
  const ok = reply instanceof CursorReply || reply.ok === undefined ? { ok: new Double(1) } : {}
  return { ...ok, $clusterTime: { clusterTime: now, signature: NO_SIGNATURE }, operationTime: now }
}
