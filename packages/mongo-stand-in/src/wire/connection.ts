import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Document, Double, Int32 } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { numberField } from '../commands/fields.ts'
import { answerCommand } from '../dispatch/answer-message.ts'
import type { ServerState } from '../server-state.ts'
import { MessageReader } from './message-reader.ts'
import { decodeRequest, encodeReplyHeader, OP_MSG, type Request } from './op-msg.ts'
import { decodeQuery, encodeQueryReply, OP_QUERY } from './op-query.ts'

/** Who is at the other end of a connection. */
export interface Client {
  readonly id: number
  appName: string | undefined
  /** Calls back when the connection closes; returns a function that takes the wish back. */
  onClose(callback: () => void): () => void
}

let lastRequestId = 0

/** Serves one connection: its messages are answered one after another. */
export function serveConnection(server: ServerState, socket: Socket, id: number): void {
  const onClose = new Set<() => void>()
  const client: Client = {
    id,
    appName: undefined,
    onClose: (callback) => {
      onClose.add(callback)
      return () => onClose.delete(callback)
    },
  }
  const reader = new MessageReader()
  let turn: Promise<void> = Promise.resolve()
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const callback of onClose) callback()
  })
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    turn = turn.then(() => answerAll()).catch(() => void socket.destroy())
  })

  async function answerAll(): Promise<void> {
    for (let message = reader.next(); message !== undefined; message = reader.next()) {
      if (socket.destroyed) return
      await answer(message)
    }
  }

  async function answer(message: Buffer): Promise<void> {
    const requestId = message.readInt32LE(4)
    const opcode = message.readInt32LE(12)
    if (opcode === OP_QUERY) await answerQuery(message, requestId)
    else if (opcode === OP_MSG) await answerMessage(decodeRequest(message), requestId)
    else socket.destroy()
  }

  async function answerQuery(message: Buffer, requestId: number): Promise<void> {
    const command = decodeQuery(message)
    rememberClient(command)
    const answer = isHello(command)
      ? await answerCommand(server, { command, rawDocuments: undefined, client })
      : unsupportedQuery(command)
    if (answer === 'cut') socket.destroy()
    else socket.write(encodeQueryReply(++lastRequestId, requestId, answer.bytes))
  }

  async function answerMessage(request: Request, requestId: number): Promise<void> {
    const { command, rawDocuments } = request
    rememberClient(command)
    const awaitMs = isAwaitedHello(command) ? numberField(command, 'maxAwaitTimeMS') : undefined
    if (awaitMs !== undefined && request.exhaustAllowed) {
      streamHello(command, requestId, awaitMs).catch(() => void socket.destroy())
      return
    }
    // Nothing about the topology changes: a client that waits for a change waits its whole time.
    if (awaitMs !== undefined) await sleep(awaitMs)
    const answer = await answerCommand(server, { command, rawDocuments, client })
    if (answer === 'cut') socket.destroy()
    else if (!request.moreToCome) send(requestId, answer.bytes)
  }

  /**
   * The state of the topology never changes here: each beat says so again, and announces the next one. A failure, which
   * only a fail point can make, is the last.
   */
  async function streamHello(command: Document, requestId: number, everyMs: number): Promise<void> {
    const closed = new AbortController()
    onClose.add(() => closed.abort())
    for (let inReplyTo = requestId; !socket.destroyed; ) {
      await sleep(everyMs, undefined, { signal: closed.signal })
      const answer = await answerCommand(server, { command, rawDocuments: undefined, client })
      if (answer === 'cut') {
        socket.destroy()
        return
      }
      if (socket.destroyed) return
      inReplyTo = send(inReplyTo, answer.bytes, answer.ok)
      if (!answer.ok) return
    }
  }

  function send(responseTo: number, parts: Uint8Array[], moreToCome = false): number {
    const requestId = ++lastRequestId
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    socket.write(Buffer.concat([encodeReplyHeader(requestId, responseTo, size, moreToCome), ...parts]))
    return requestId
  }

  function rememberClient(command: Document): void {
    const name: unknown = command.client?.application?.name
    if (typeof name === 'string') client.appName = name
  }
}

function isAwaitedHello(command: Document): boolean {
  return isHello(command) && command.topologyVersion !== undefined
}

function isHello(command: Document): boolean {
  const name = Object.keys(command)[0]?.toLowerCase()
  return name === 'hello' || name === 'ismaster'
}

/** OP_QUERY is left for the first contact only. */
function unsupportedQuery(command: Document): { bytes: Uint8Array[] } {
  const reply = {
    ok: new Double(0),
    errmsg: `Unsupported OP_QUERY command: ${Object.keys(command)[0] ?? ''}. The client driver may require an upgrade.`,
    code: new Int32(352),
    codeName: 'UnsupportedOpQueryCommand',
  }
  return { bytes: [encodeDocument(reply)] }
}
